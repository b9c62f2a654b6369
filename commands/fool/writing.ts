import type { DrawingData } from '../../src/cards/index.ts'
import type { Choice } from '../../src/chat/choice.ts'
import type { CompletionContext } from '../../src/chat/context.ts'
import type { CommunitySettings } from '../../src/chat/community.ts'
import type { Options, ValuesOf } from '../../src/chat/options.ts'
import { english, languages, type Text, translator, type Translate } from '../../src/language.ts'
import type { RawPicture } from '../../src/pictures/picture.ts'
import { UserError } from '../../src/errors.ts'
import { isProfane } from '../../src/neurons/profanity.ts'

type InkLabel = DrawingData<'labels'>['labels'][number]

/** Middles in shares of the square that the model sees. */
const places = {
  middle: [0.5, 0.5],
  top: [0.5, 0.16],
  bottom: [0.5, 0.84],
  left: [0.22, 0.5],
  right: [0.78, 0.5],
  topLeft: [0.22, 0.16],
  topRight: [0.78, 0.16],
  bottomLeft: [0.22, 0.84],
  bottomRight: [0.78, 0.84],
} as const

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
  note: { style: 'handwriting', paper: true },
  label: { style: 'print', paper: true },
  pen: { style: 'handwriting', paper: false },
  print: { style: 'print', paper: false },
  outline: { style: 'outline', paper: false },
} as const satisfies Record<string, Pick<InkLabel, 'style' | 'paper'>>

const namesOf = <Name extends string>(table: Readonly<Record<Name, unknown>>): readonly Name[] =>
  Object.keys(table) as Name[]

const choicesOf = <Name extends string>(
  table: Readonly<Record<Name, unknown>>,
  label: (name: Name, t: Translate) => string,
): readonly Choice<Name, Text>[] => namesOf(table).map((value) => ({ value, label: (t) => label(value, t) }))

/** How something can be written, for the command and for the form under the contest's card. */
export const writingOptions = {
  text: {
    called: (t) => t('fool.option.text'),
    type: 'text',
    description: (t) => t('fool.write.text'),
    required: true,
    maxLength: 40,
  },
  where: {
    called: (t) => t('fool.option.where'),
    type: 'text',
    description: (t) => t('fool.write.where'),
    maxLength: 20,
    complete: completeWhere,
  },
  size: {
    called: (t) => t('fool.option.size'),
    type: 'integer',
    description: (t) => t('fool.write.size'),
    min: 2,
    max: 50,
  },
  colour: {
    called: (t) => t('fool.option.colour'),
    type: 'choice',
    description: (t) => t('fool.write.colour'),
    choices: choicesOf(colours, (name, t) => t(`fool.write.colours.${name}`)),
  },
  angle: {
    called: (t) => t('fool.option.angle'),
    type: 'integer',
    description: (t) => t('fool.write.angle'),
    min: -180,
    max: 180,
  },
  times: {
    called: (t) => t('fool.option.times'),
    type: 'integer',
    description: (t) => t('fool.write.times'),
    min: 1,
    max: 8,
  },
  style: {
    called: (t) => t('fool.option.style'),
    type: 'choice',
    description: (t) => t('fool.write.style'),
    choices: choicesOf(styles, (name, t) => t(`fool.write.styles.${name}`)),
  },
} as const satisfies Options

/** What a form asks; the rest has good defaults, and can be given with /fool write. */
export const writingForm = {
  text: writingOptions.text,
  where: writingOptions.where,
  size: writingOptions.size,
}

/** What a person gave, through the command or the form, which asks for less. */
export type GivenWriting = Pick<ValuesOf<typeof writingOptions>, 'text'> &
  Partial<ValuesOf<typeof writingOptions>>

/** 'paper': the layout of the paper's automatic attack instead of a place. */
const placeNames = [...namesOf(places), 'paper'] as const

const placeInWords = (name: (typeof placeNames)[number], t: Translate): string =>
  t(`fool.write.places.${name}`)

/** A place by its name in any language. */
const placeCalled = (typed: string): (typeof placeNames)[number] | undefined =>
  placeNames.find((name) =>
    languages.some((language) => placeInWords(name, translator(language)).toLowerCase() === typed),
  )

async function completeWhere({ t }: CompletionContext, typed: string): Promise<readonly Choice[]> {
  return placeNames
    .map((name) => ({ value: placeInWords(name, english), label: placeInWords(name, t) }))
    .filter(({ label }) => label.toLowerCase().startsWith(typed.toLowerCase()))
}

/** What is drawn: labels of the person's own, or the paper's eight words. */
export type Writing = { readonly eight: string } | { readonly labels: readonly InkLabel[] }

/** @throws UserError 'bad-option' if it is not a place. */
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
  const place = placeCalled(typed.toLowerCase())
  if (place === 'paper') return { eight: text }
  const [x, y] = place ? places[place] : pointOf(typed)
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

/** As it can be stored: without what was left out. */
export const definedIn = (given: GivenWriting): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )

function pointOf(where: string): readonly [number, number] {
  const [, x, y] = /^(\d{1,3})\s*[,;x ]\s*(\d{1,3})$/.exec(where) ?? []
  if (x !== undefined && y !== undefined && Number(x) <= 100 && Number(y) <= 100)
    return [Number(x) / 100, Number(y) / 100]
  throw new UserError('bad-option', 'fool.write.badWhere')
}

/** @throws UserError 'bad-option' for rude words in a community that keeps them out */
export function mustBePolite({ profanity }: CommunitySettings, words: readonly string[]): void {
  if (profanity && words.some(isProfane)) throw new UserError('bad-option', 'fool.rudeWords')
}
