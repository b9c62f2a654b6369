import type { Baseline } from '../clip/pack-schema.ts'
import type { UnitMeans } from '../clip/means.ts'

/**
 * Strength of each unit in sigma from zero, mean(ReLU(map)) / rms, as in "Multimodal Neurons" (Goh et al. 2021): the
 * standard deviation is taken around zero and nothing is subtracted. Never negative; zero for a unit that fired for no
 * picture of the baseline, which has no sigma.
 */
export const strengthsOf = (means: Pick<UnitMeans, 'after'>, { after }: Baseline): Float32Array =>
  means.after.map((mean, unit) => (after.rms[unit]! > 0 ? mean / after.rms[unit]! : 0))

/**
 * How far each unit is from its mean, before the ReLU: (mean(map) - mean) / std of the baseline. Far below zero means
 * inhibited; zero for a unit that is constant over the baseline.
 */
export const deviationsOf = (means: UnitMeans, { before }: Baseline): Float32Array =>
  means.before.map((mean, unit) =>
    before.std[unit]! > 0 ? (mean - before.mean[unit]!) / before.std[unit]! : 0,
  )

/** Units with a measure above zero, the highest first; ties by number. */
export const strongest = (
  measure: Float32Array,
  limit: number,
  hidden: ReadonlySet<number> = new Set(),
): number[] => {
  // Sorting numbers alone is a tenth of the work of sorting all units by theirs.
  const least = measure.toSorted().at(-limit - hidden.size) ?? -Infinity
  return Array.from(measure.keys())
    .filter((unit) => measure[unit]! > 0 && measure[unit]! >= least && !hidden.has(unit))
    .sort((a, b) => measure[b]! - measure[a]! || a - b)
    .slice(0, limit)
}

/** Units with a deviation below zero, the lowest first; ties by number. */
export const mostBelowMean = (
  deviations: Float32Array,
  limit: number,
  hidden?: ReadonlySet<number>,
): number[] =>
  strongest(
    deviations.map((value) => -value),
    limit,
    hidden,
  )

/** Where `value` lies between a and b, 0 to 1. */
const share = (value: number, a: number, b: number): number => (b > a ? (value - a) / (b - a) : 1)

/**
 * The percentage of the baseline's pictures that fire the unit at most this strongly, 0 to 100. Interpolates linearly
 * between what was measured: the share that does not fire it at all, the edges of the histogram, the strongest picture.
 * @param sigma a strength of strengthsOf
 */
export function percentileOf(baseline: Baseline, unit: number, sigma: number): number {
  const points = pointsOf(baseline, unit)
  const next = points.findIndex(([strength]) => strength > sigma)
  if (next < 0) return 100
  const [above, to] = points[next]!
  const [below, from] = points[next - 1]!
  return 100 * (from + (to - from) * share(sigma, below, above))
}

/** The cumulative distribution: pairs of a strength in sigma, rising from zero, and the share of pictures up to it. */
function pointsOf({ histogram, after, activeShare }: Baseline, unit: number): [number, number][] {
  const { edges, counts } = histogram
  const row = counts[unit]!
  const all = row.reduce((sum, count) => sum + count, 0)
  const strongest = after.rms[unit]! > 0 ? after.max[unit]! / after.rms[unit]! : 0
  let sum = 0
  const upTo = row.map((count, bin): [number, number] => [
    Math.min(edges[bin + 1]!, strongest),
    (sum += count) / all,
  ])
  return [[0, 1 - activeShare[unit]!], ...upTo]
}
