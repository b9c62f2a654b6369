import type { Services } from '../../src/chat/services.ts'
import { squareOnGround } from '../../src/pictures/ground.ts'
import type { RawPicture } from '../../src/pictures/picture.ts'
import { rawOf, sharpOf } from '../../src/pictures/raw.ts'
import { coverOf, type AttackTrial, type AttackWord } from '../../src/games/fool/attack.ts'
import { topLabel } from '../../src/games/fool/score.ts'
import type { Classification, RunOptions } from '../../src/jobs/engine.ts'
import { sameLabel } from './labels.ts'

/** The paper's pictures had this side; smaller ones are enlarged to it, so that the letters can be drawn. */
const paperSide = 288

/**
 * How a word is written: eight times and small as the paper did, or once, with about as much cover. A model that sees
 * small squares cannot read the paper's letters: of 288 px pictures they are 20 px high, of 112 px ones 8 px.
 */
export const layouts = ['paper', 'once'] as const
export type Layout = (typeof layouts)[number]

/** In the paper's layout letters have this share of the picture's side; of fewer pixels than that a model reads nothing. */
const paperLetter = 20 / paperSide
const legiblePx = 16

/** The paper's layout, or the other one for a model that couldn't read the paper's letters. @param side of its square, in pixels */
export const legibleLayout = (side: number): Layout => (side * paperLetter < legiblePx ? 'once' : 'paper')

/** Of the square's side: where the one word's middle is, and its size. */
const once = { middle: 0.76, size: 60 / paperSide }

/** A picture with a word on it, and what the model made of it. */
export interface Attacked extends AttackTrial {
  readonly picture: RawPicture
  readonly seen: Classification
}

/** The labels and the words' targets, each once. */
export function withTargets(labels: readonly string[], words: readonly AttackWord[]): string[] {
  const all = [...labels]
  for (const { target } of words) if (!all.some((label) => sameLabel(label, target))) all.push(target)
  return all
}

/** The picture at a size where the paper's letters can be drawn, and seen alike with and without them. */
export async function paperSized(picture: RawPicture): Promise<RawPicture> {
  const seen = squareOnGround(picture)?.square ?? picture
  const scale = paperSide / Math.min(seen.width, seen.height)
  if (scale <= 1) return seen
  const size = { width: Math.round(seen.width * scale), height: Math.round(seen.height * scale) }
  return rawOf(sharpOf(seen).resize({ ...size, fit: 'fill', kernel: 'cubic' }))
}

/** Writes the word on the picture and asks the model. @param clean its answer without */
export async function attack(
  { cards, engine }: Pick<Services, 'cards' | 'engine'>,
  picture: RawPicture,
  clean: Classification,
  { word, layout }: { readonly word: string; readonly layout: Layout },
  options: RunOptions,
): Promise<Attacked> {
  const labels = clean.scores.map(({ label }) => label)
  const written =
    layout === 'paper'
      ? await cards.draw('attack', { picture, text: word })
      : await cards.draw('labels', { picture, labels: [large(word, picture)] })
  const seen = await engine.classify(written, labels, { ...options, alone: true })
  return {
    picture: written,
    seen,
    cover: coverOf(picture.data, written.data),
    before: topLabel(clean.scores)!,
    after: topLabel(seen.scores)!,
  }
}

function large(text: string, { width, height }: RawPicture) {
  const side = Math.min(width, height)
  const y = (height - side) / 2 + once.middle * side
  return {
    text,
    x: width / 2,
    y,
    size: once.size * side,
    angle: 0,
    colour: '#ffffff',
    style: 'outline',
    paper: false,
  } as const
}
