import type { DrawingData } from '../../src/cards/index.ts'
import type { Choice } from '../../src/chat/choice.ts'
import type { CommunitySettings } from '../../src/chat/community.ts'
import { choicesOf, type Options, type ValuesOf } from '../../src/chat/options.ts'
import type { RawPicture } from '../../src/pictures/picture.ts'
import { UserError } from '../../src/errors.ts'
import { isProfane } from '../../src/neurons/profanity.ts'
import { own } from '../../src/own.ts'

type InkLabel = DrawingData<'labels'>['labels'][number]

/** Middles in shares of the square that the model sees. */
const places: Readonly<Record<string, readonly [number, number]>> = {
  middle: [0.5, 0.5],
  top: [0.5, 0.16],
  bottom: [0.5, 0.84],
  left: [0.22, 0.5],
  right: [0.78, 0.5],
  'top left': [0.22, 0.16],
  'top right': [0.78, 0.16],
  'bottom left': [0.22, 0.84],
  'bottom right': [0.78, 0.84],
}
/** The layout of the paper's automatic attack in place of a place. */
const paperLayout = 'eight times'

const colours = {
  black: '#1b1b1f',
  white: '#ffffff',
  red: '#c8102e',
  blue: '#1746a2',
  green: '#12733a',
  orange: '#e8590c',
  pink: '#d6336c',
} as const

const styles = {
  note: { style: 'handwriting', paper: true, label: 'handwriting on a paper label' },
  label: { style: 'print', paper: true, label: 'print on a paper label' },
  pen: { style: 'handwriting', paper: false, label: 'handwriting on the thing itself' },
  print: { style: 'print', paper: false, label: 'print on the thing itself' },
  outline: { style: 'outline', paper: false, label: 'print with a black edge' },
} as const satisfies Record<string, Pick<InkLabel, 'style' | 'paper'> & { readonly label: string }>

const namesOf = <Name extends string>(table: Readonly<Record<Name, unknown>>): readonly Name[] =>
  Object.keys(table) as Name[]

/** How something can be written, for the command and for the form under the contest's card. */
export const writingOptions = {
  text: { type: 'text', description: 'What to write', required: true, maxLength: 40 },
  where: {
    type: 'text',
    description: 'Where: middle, top left ..., "30,60" in percent, or "eight times" as the paper did',
    maxLength: 20,
    complete: completeWhere,
  },
  size: { type: 'integer', description: 'Height of the letters in percent of the picture', min: 2, max: 50 },
  colour: { type: 'choice', description: 'Colour of the ink', choices: choicesOf(namesOf(colours)) },
  angle: { type: 'integer', description: 'Turned by so many degrees, clockwise', min: -180, max: 180 },
  times: { type: 'integer', description: 'How many times, one below the other', min: 1, max: 8 },
  style: {
    type: 'choice',
    description: 'Handwriting or print, on paper or not',
    choices: namesOf(styles).map((value) => ({ value, label: styles[value].label })),
  },
} as const satisfies Options

/** What a form asks; the rest is chosen well, and can be said with /fool write. */
export const writingForm = {
  text: writingOptions.text,
  where: writingOptions.where,
  size: writingOptions.size,
}

/** What a person gave, by the command or by the form, which asks for less. */
export type GivenWriting = Pick<ValuesOf<typeof writingOptions>, 'text'> &
  Partial<ValuesOf<typeof writingOptions>>

const placeNames = [...Object.keys(places), paperLayout]

async function completeWhere(_context: unknown, typed: string): Promise<readonly Choice[]> {
  return choicesOf(placeNames.filter((name) => name.startsWith(typed.toLowerCase())))
}

/** What shall be drawn: labels of the person's own, or the paper's eight words. */
export type Writing = { readonly eight: string } | { readonly labels: readonly InkLabel[] }

/** @throws UserError 'bad-option' if the place is none. */
export function writingFrom(
  {
    text,
    where: typed = 'middle',
    size: percent = 14,
    colour = 'black',
    style: chosen = 'note',
    angle = 0,
    times = 1,
  }: GivenWriting,
  { width, height }: Pick<RawPicture, 'width' | 'height'>,
): Writing {
  const where = typed.toLowerCase()
  if (where === paperLayout) return { eight: text }
  const [x, y] = middleOf(where)
  const side = Math.min(width, height)
  const size = (percent / 100) * side
  const { style, paper } = styles[chosen]
  const line = size * (paper ? 1.9 : 1.2)
  const labels = Array.from({ length: times }, (_, i): InkLabel => ({
    text,
    x: (width - side) / 2 + x * side,
    y: (height - side) / 2 + y * side + (i - (times - 1) / 2) * line,
    size,
    angle,
    colour: colours[colour],
    style,
    paper,
  }))
  return { labels }
}

/** As it can be kept: without what was left out. */
export const definedIn = (given: GivenWriting): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )

function middleOf(where: string): readonly [number, number] {
  const named = own(places, where)
  if (named) return named
  const [, x, y] = /^(\d{1,3})\s*[,;x ]\s*(\d{1,3})$/.exec(where) ?? []
  if (x !== undefined && y !== undefined && Number(x) <= 100 && Number(y) <= 100)
    return [Number(x) / 100, Number(y) / 100]
  throw new UserError(
    'bad-option',
    `"where" takes one of: ${placeNames.join(', ')}; or percent from the left and the top, as "30,60".`,
  )
}

/** @throws UserError 'bad-option' for rude words in a community that keeps them out */
export function mustBePolite({ profanity }: CommunitySettings, words: readonly string[]): void {
  if (profanity && words.some(isProfane))
    throw new UserError(
      'bad-option',
      'Please write something without rude words; this community keeps them out.',
    )
}
