import type { Catalogue, Unit } from './catalogue.ts'
import { percentileOf } from './strength.ts'

/** One unit and what was measured of it. */
export interface Firing {
  readonly unit: number
  /** Units of a large model need not have a name. */
  readonly named: Unit | undefined
  /** Strength from zero of a unit that fires; how far below what is usual (negative) of one held back. */
  readonly sigma: number
  /** Of a unit that fires: the share of the baseline's pictures that it exceeds, 0 to 100. */
  readonly percentile?: number
}

export interface RankOptions {
  readonly limit: number
  /** Sensitive units too: only where a community's admin asked for them. */
  readonly sensitive: boolean
}

/** Units by a measure, strongest first; equal ones by number. */
function rank(measure: Float32Array, catalogue: Catalogue, { limit, sensitive }: RankOptions): number[] {
  const hidden = new Set(
    sensitive ? [] : catalogue.units.filter((unit) => unit.sensitive).map(({ unit }) => unit),
  )
  return Array.from(measure.keys())
    .filter((unit) => measure[unit]! > 0 && !hidden.has(unit))
    .sort((a, b) => measure[b]! - measure[a]! || a - b)
    .slice(0, limit)
}

/** The units that fire most; fewer than the limit where fewer fire. @param strengths in sigma from zero */
export const topFirings = (strengths: Float32Array, catalogue: Catalogue, options: RankOptions): Firing[] =>
  rank(strengths, catalogue, options).map((unit) => ({
    unit,
    named: catalogue.unit(unit),
    sigma: strengths[unit]!,
    percentile: percentileOf(catalogue.baseline, unit, strengths[unit]!),
  }))

/** The units furthest below what is usual for them, lowest first. @param deviations before the ReLU */
export const mostInhibited = (
  deviations: Float32Array,
  catalogue: Catalogue,
  options: RankOptions,
): Firing[] =>
  rank(
    deviations.map((value) => -value),
    catalogue,
    options,
  ).map((unit) => ({
    unit,
    named: catalogue.unit(unit),
    sigma: deviations[unit]!,
  }))

/**
 * Units whose name is a guess come last; among the others the strongest first. Agreed names before likely ones would be
 * worse: on 1,713 photographs the first name then shares a word with the label in 30 % of cases, so in 36 %.
 */
export const guessesLast = <
  T extends { readonly named: Pick<Unit, 'certainty'> | undefined; readonly sigma: number },
>(
  firing: readonly T[],
): T[] => firing.toSorted((a, b) => Number(isGuess(a.named)) - Number(isGuess(b.named)) || b.sigma - a.sigma)

const isGuess = (named: Pick<Unit, 'certainty'> | undefined): boolean =>
  !named || named.certainty === 'unsure'
