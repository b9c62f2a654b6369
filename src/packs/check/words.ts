import type { Activations } from '../measure/activations.ts'
import { renderingsOfWord } from '../measure/activations.ts'

/** A unit answers to a word if it is among this top share of all units, by how unusually strongly the word fires it. */
export const highShare = 0.05
/** Chance gives `highShare`; five times that is beyond doubt for a list of thousands of words. */
export const enoughShare = 0.25

export interface WordCheck {
  /** Pairs of a unit and one of its words. */
  readonly pairs: number
  /** Share of the pairs whose unit is high for the word. */
  readonly share: number
  /** The same for units picked at random. */
  readonly chance: number
  readonly passed: boolean
}

/** How high a unit ranks for a word, from 0 for the highest of all units to 1. */
export class WordRanks {
  readonly #words: ReadonlyMap<string, number>
  /** [words][units], z-scores of each unit over the words. */
  readonly #strengths: readonly Float32Array[]

  constructor(words: readonly string[], written: Activations) {
    this.#words = new Map(words.map((word, n) => [word, n]))
    const rows = words.map((_, n) => {
      const own = written.after.slice(n * renderingsOfWord, (n + 1) * renderingsOfWord)
      return own[0]!.map((_value, unit) => own.reduce((sum, row) => sum + row[unit]!, 0) / own.length)
    })
    this.#strengths = standardised(rows)
  }

  /** @returns undefined for a word that was not rendered */
  rank(unit: number, word: string): number | undefined {
    const row = this.#strengths[this.#words.get(word) ?? -1]
    if (!row) return undefined
    const own = row[unit]!
    // A unit that does not fire cannot answer to the word.
    if (!(own > 0)) return 1
    return row.reduce((higher, value) => higher + (value > own ? 1 : 0), 0) / row.length
  }
}

function standardised(rows: readonly Float32Array[]): Float32Array[] {
  const units = rows[0]?.length ?? 0
  const mean = new Float64Array(units)
  const square = new Float64Array(units)
  for (const row of rows)
    for (let unit = 0; unit < units; unit++) {
      mean[unit]! += row[unit]! / rows.length
      square[unit]! += row[unit]! ** 2 / rows.length
    }
  return rows.map((row) =>
    row.map((value, unit) => {
      const deviation = Math.sqrt(Math.max(0, square[unit]! - mean[unit]! ** 2))
      return deviation > 0 ? (value - mean[unit]!) / deviation : 0
    }),
  )
}

/** Whether units answer to the words that are said to fire them most. @param topWords by unit */
export function checkWords(ranks: WordRanks, topWords: readonly (readonly string[])[]): WordCheck {
  const all = topWords.flatMap((words, unit) => words.flatMap((word) => ranks.rank(unit, word) ?? []))
  const share = all.filter((rank) => rank < highShare).length / Math.max(1, all.length)
  return { pairs: all.length, share, chance: highShare, passed: share >= enoughShare }
}
