import type { Baseline, Tuning, UnitTuning } from '../../clip/pack-schema.ts'
import type { ProbeItem } from '../../clip/probe-set.ts'
import { type Activations, renderingsOfWord } from './activations.ts'

/** How many of each are kept for a unit; some words are spares, because not all may be shown everywhere. */
const keptCounts = { words: 12, pictures: 9, wordsAgainst: 8, picturesAgainst: 6, together: 6, against: 3 }

/** What tuningOf is computed from. */
export interface TuningInput {
  readonly baseline: Baseline
  readonly items: readonly ProbeItem[]
  /** On the items. */
  readonly pictures: Activations
  readonly words: readonly string[]
  /** On the words' renderings, those of one word after the other. */
  readonly written: Activations
}

/** What fires each unit, what inhibits it, and which units correlate with it. */
export function tuningOf({ baseline, items, pictures, words, written }: TuningInput): Tuning {
  const averages = { before: averaged(written.before), after: averaged(written.after) }
  const correlations = correlationsOf(pictures.before)
  const drawn = items.flatMap((item, i) => (item.kind === 'word' ? [] : [{ item: i, label: item.label }]))
  const units = baseline.after.rms.map((rms, unit): UnitTuning => {
    const { mean, std } = baseline.before
    const sigma = (row: Float32Array) => (rms > 0 ? row[unit]! / rms : 0)
    const deviation = (row: Float32Array) => (std[unit]! > 0 ? (row[unit]! - mean[unit]!) / std[unit]! : 0)
    const ofWords = (rows: readonly Float32Array[], measure: typeof sigma) =>
      words.map((word, i) => ({ word, sigma: rounded(measure(rows[i]!)) }))
    const ofPictures = (rows: readonly Float32Array[], measure: typeof sigma) =>
      drawn.map(({ item, label }) => ({ label, item, sigma: rounded(measure(rows[item]!)) }))
    const others = Array.from(correlations[unit]!).flatMap((correlation, other) =>
      other === unit ? [] : [{ unit: other, correlation: rounded(correlation) }],
    )
    return {
      words: firing(ofWords(averages.after, sigma)).slice(0, keptCounts.words),
      pictures: distinct(firing(ofPictures(pictures.after, sigma))).slice(0, keptCounts.pictures),
      wordsAgainst: heldBack(ofWords(averages.before, deviation)).slice(0, keptCounts.wordsAgainst),
      picturesAgainst: distinct(heldBack(ofPictures(pictures.before, deviation))).slice(
        0,
        keptCounts.picturesAgainst,
      ),
      together: by(others, (one) => -one.correlation)
        .filter(({ correlation }) => correlation > 0)
        .slice(0, keptCounts.together),
      against: by(others, (one) => one.correlation)
        .filter(({ correlation }) => correlation < 0)
        .slice(0, keptCounts.against),
    }
  })
  return { words: words.length, units }
}

const rounded = (value: number): number => Number(value.toFixed(2))

/** A stable sort, so that the same measurement always writes the same file. */
const by = <T>(list: readonly T[], key: (one: T) => number): T[] => [...list].sort((a, b) => key(a) - key(b))

const firing = <T extends { sigma: number }>(list: readonly T[]): T[] =>
  by(list, ({ sigma }) => -sigma).filter(({ sigma }) => sigma > 0)

const heldBack = <T extends { sigma: number }>(list: readonly T[]): T[] =>
  by(list, ({ sigma }) => sigma).filter(({ sigma }) => sigma < 0)

/** The first of each label. */
function distinct<T extends { label: string }>(list: readonly T[]): T[] {
  const seen = new Set<string>()
  return list.filter(({ label }) => !seen.has(label) && seen.add(label))
}

/** One row for each word. */
function averaged(rows: readonly Float32Array[]): Float32Array[] {
  return Array.from({ length: rows.length / renderingsOfWord }, (_, word) => {
    const own = rows.slice(word * renderingsOfWord, (word + 1) * renderingsOfWord)
    return own[0]!.map((_value, unit) => own.reduce((sum, row) => sum + row[unit]!, 0) / own.length)
  })
}

/** Pearson correlations of the units over the pictures: [units][units]. */
function correlationsOf(rows: readonly Float32Array[]): Float32Array[] {
  const units = rows[0]!.length
  const scaled = Array.from({ length: units }, (_, unit) => {
    const mean = rows.reduce((sum, row) => sum + row[unit]!, 0) / rows.length
    const values = Float32Array.from(rows, (row) => row[unit]! - mean)
    const length = Math.hypot(...values)
    return values.map((value) => (length > 0 ? value / length : 0))
  })
  return scaled.map((own) => {
    const row = new Float32Array(units)
    for (let other = 0; other < units; other++) {
      const theirs = scaled[other]!
      let sum = 0
      for (let i = 0; i < own.length; i++) sum += own[i]! * theirs[i]!
      row[other] = sum
    }
    return row
  })
}
