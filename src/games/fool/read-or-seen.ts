import type { Said } from '../../language.ts'

/** Probabilities of the target, 0 to 1: as posted, with the writing mirrored, with the writing blurred out. */
export interface WritingTrials {
  readonly asPosted: number
  readonly mirrored: number
  readonly blurred: number
}

/** How much of the writing's effect came from reading it. */
export interface ReadOrSeen {
  /** Share that was read, 0 (all seen) to 1 (all read); absent if the writing did nothing. */
  readonly read?: number
  readonly words: Said
}

/** If the writing changes the target's probability by less than this, it had no effect that could be divided. */
const leastEffect = 0.05

/**
 * Was the writing read, or seen like any other mark?
 *
 *     read = (asPosted - mirrored) / (asPosted - blurred), kept within 0 to 1
 *
 * Blurred out, the writing does nothing: asPosted - blurred is all that it did. Mirrored, its strokes, colours
 * and paper are still there but no longer the word: asPosted - mirrored is what took being legible. Words that
 * look the same from behind, and letters that a model reads from behind, count as seen.
 */
export function readOrSeen({ asPosted, mirrored, blurred }: WritingTrials): ReadOrSeen {
  const effect = asPosted - blurred
  if (effect < leastEffect) return { words: { key: 'fool.why.nothing' } }
  const read = Math.max(0, Math.min(1, (asPosted - mirrored) / effect))
  const gone = Math.round(100 * read)
  if (read >= 2 / 3) return { read, words: { key: 'fool.why.read', values: { gone } } }
  if (read > 1 / 3) return { read, words: { key: 'fool.why.half', values: { gone } } }
  return { read, words: { key: 'fool.why.seen', values: { kept: 100 - gone } } }
}
