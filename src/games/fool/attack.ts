import { UserError } from '../../errors.ts'

/** A word that is written on pictures, and the label that the model should see then. */
export interface AttackWord {
  readonly word: string
  readonly target: string
}

/**
 * The words of the paper's table with the nearest label that the pocket pack's vocabulary has: it knows no "waste
 * container" and no "Siamese cat".
 */
export const paperWords: readonly AttackWord[] = [
  { word: 'trash', target: 'wastebasket' },
  { word: 'iPod', target: 'ipod' },
  { word: 'pizza', target: 'pizza' },
  { word: 'rifle', target: 'rifle' },
  { word: 'radio', target: 'radio' },
  { word: 'library', target: 'library' },
  { word: 'shark', target: 'shark' },
  { word: 'meow', target: 'cat' },
  // oxlint-disable-next-line house/no-sentence -- a label of the pack
  { word: '$$$', target: 'piggy bank' },
]

/**
 * Words from a file or an option, separated by line breaks or commas; a label that differs from its word follows an arrow:
 * "trash -> wastebasket". Lines that begin with # are ignored.
 * @throws UserError 'bad-option' if there is none
 */
export function parseWords(text: string): AttackWord[] {
  const words = text
    .split('\n')
    .filter((line) => !line.trim().startsWith('#'))
    .flatMap((line) => line.split(','))
    .map((part) => part.split('->').map((side) => side.trim()))
    .filter(([word]) => word)
    .map(([word = '', target]) => ({ word, target: (target || word).toLowerCase() }))
  if (words.length === 0) throw new UserError('bad-option', 'fool.attack.noWords')
  return words
}

/** One picture with one word on it. */
export interface AttackTrial {
  /** Share of the pixels that the writing changed at all, 0 to 1. */
  readonly cover: number
  /** The model's first answer without the writing, and with it. */
  readonly before: string
  readonly after: string
}

export interface AttackRate extends AttackWord {
  /** Mean over the pictures, 0 to 1; null if there is no clean picture to compare with. */
  readonly cover: number | null
  /** Share of the pictures on which the target is the first answer and was not before, 0 to 1. */
  readonly success: number
}

/** A word's effect over many pictures, as the paper counts it: the denominator is all pictures. */
export function rateOf({ word, target }: AttackWord, trials: readonly AttackTrial[]): AttackRate {
  const mean = (value: (trial: AttackTrial) => number): number =>
    trials.reduce((sum, trial) => sum + value(trial), 0) / Math.max(1, trials.length)
  return {
    word,
    target,
    cover: mean(({ cover }) => cover),
    success: mean(({ before, after }) => (after === target && before !== target ? 1 : 0)),
  }
}

/** Share of the pixels that differ at all between two pictures of the same size. */
export function coverOf(a: Uint8Array, b: Uint8Array): number {
  let changed = 0
  for (let i = 0; i < a.length; i += 3)
    if (a[i] !== b[i] || a[i + 1] !== b[i + 1] || a[i + 2] !== b[i + 2]) changed++
  return changed / (a.length / 3)
}

/** What a file name in the form of RTA-100 says: "label=dog_text=cat.png". */
export function namedInFile(name: string): { readonly label: string; readonly text: string } | undefined {
  const { label, text } = /^label=(?<label>.+?)_text=(?<text>.+)\.[^.]+$/i.exec(name)?.groups ?? {}
  return label && text ? { label: spaced(label), text: spaced(text) } : undefined
}

const spaced = (typed: string): string => typed.replace(/[_+]/g, ' ').trim().toLowerCase()
