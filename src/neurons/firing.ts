import type { Catalogue, Unit } from './catalogue.ts'
import { mostBelowMean, percentileOf, strongest } from './strength.ts'

/** A unit and how strongly it fires, or is inhibited. */
export interface Firing {
  readonly unit: number
  /** Not every unit of a large model has a name. */
  readonly named: Unit | undefined
  /** For a unit that fires its strength from zero; for an inhibited one its distance from the mean, negative. */
  readonly sigma: number
  /** Of a unit that fires: the percentage of the baseline's pictures that it exceeds, 0 to 100. */
  readonly percentile?: number
}

export interface RankOptions {
  readonly limit: number
  /** Whether sensitive units are included. */
  readonly sensitive: boolean
}

/** The units that are not shown. */
export const hiddenUnits = (catalogue: Catalogue, sensitive: boolean): number[] =>
  sensitive ? [] : catalogue.units.filter((unit) => unit.sensitive).map(({ unit }) => unit)

/** The units that fire most; fewer than the limit if fewer fire. @param strengths in sigma from zero */
export const topFirings = (
  strengths: Float32Array,
  catalogue: Catalogue,
  { limit, sensitive }: RankOptions,
): Firing[] =>
  strongest(strengths, limit, new Set(hiddenUnits(catalogue, sensitive))).map((unit) => ({
    unit,
    named: catalogue.unit(unit),
    sigma: strengths[unit]!,
    percentile: percentileOf(catalogue.baseline, unit, strengths[unit]!),
  }))

/** The units furthest below their mean, lowest first. @param deviations before the ReLU */
export const mostInhibited = (
  deviations: Float32Array,
  catalogue: Catalogue,
  { limit, sensitive }: RankOptions,
): Firing[] =>
  mostBelowMean(deviations, limit, new Set(hiddenUnits(catalogue, sensitive))).map((unit) => ({
    unit,
    named: catalogue.unit(unit),
    sigma: deviations[unit]!,
  }))

/** Only the first of the units with the same name, and all that have no name. */
export const oncePerName = <T extends { readonly named: Pick<Unit, 'name'> | undefined }>(
  firing: readonly T[],
): T[] =>
  firing.filter(({ named }, i) => !named || firing.findIndex((one) => one.named?.name === named.name) === i)

/**
 * Strongest first, but units whose name is a guess come last. Sorting agreed names before likely ones as well was worse:
 * on 1,713 photographs the first name then shared a word with the label in 30 % of cases instead of 36 %.
 */
export const guessesLast = <
  T extends { readonly named: Pick<Unit, 'certainty'> | undefined; readonly sigma: number },
>(
  firing: readonly T[],
): T[] => firing.toSorted((a, b) => Number(isGuess(a.named)) - Number(isGuess(b.named)) || b.sigma - a.sigma)

const isGuess = (named: Pick<Unit, 'certainty'> | undefined): boolean =>
  !named || named.certainty === 'unsure'
