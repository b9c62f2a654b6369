/** A part of an objective. Plain data, so that objectives can be sent to a worker. */
export type Term =
  | UnitTerm
  /** The mean strength of all the pack's units, in sigma. */
  | { readonly kind: 'others'; readonly weight: number }
  /** mean((picture - level)^2). */
  | { readonly kind: 'contrast'; readonly weight: number; readonly level: number }
  /** Total variation: the mean over the pixels of the length of the gradient (right, down) over all colours. */
  | { readonly kind: 'variation'; readonly weight: number }
  /**
   * Regularisation by denoising: mean((picture - denoised)^2), where the denoised picture counts as a constant (RED,
   * Romano et al. 2017). Only for packs with a prior.
   */
  | { readonly kind: 'unlikely'; readonly weight: number }
  /** mean((picture - sketch)^2), with the sketch that the picture grows from. */
  | { readonly kind: 'unlikeSketch'; readonly weight: number }
  /** How far the inner layers' statistics are from usual: the mean of z^2 over channels. Only for packs with facets. */
  | { readonly kind: 'unusual'; readonly weight: number }
  /** What the inner layers contribute to the units, in channels in which the facet's pictures differ from all others. */
  | { readonly kind: 'facet'; readonly facet: string; readonly weight: number }

/** The strength of a unit in sigma, mean(ReLU(map)) / rms; with a position, ReLU(map) / rms there. */
export interface UnitTerm {
  readonly kind: 'unit'
  readonly unit: number
  readonly weight: number
  readonly position?: Position
}

/** A position in the units' map, counted from the upper left. */
export interface Position {
  readonly row: number
  readonly column: number
}

/** What a picture should maximise: a sum of weighted terms. Objectives are values that add and scale. */
export type Objective = readonly Term[]

export const unit = (number: number, position?: Position): Objective => [
  { kind: 'unit', unit: number, weight: 1, ...(position && { position }) },
]

/** Several units at once, each with its weight; a negative weight keeps a unit silent. */
export const direction = (units: readonly { readonly unit: number; readonly weight: number }[]): Objective =>
  sum(...units.map(({ unit: number, weight }) => scale(weight, unit(number))))

export const others = (): Objective => [{ kind: 'others', weight: 1 }]

export const contrast = (level: number): Objective => [{ kind: 'contrast', weight: 1, level }]

/** The penalty of Goh et al. 2021 (CLIP-featurevis): minus 10 mean((picture - 0.5)^2). */
export const greyness = (): Objective => scale(-10, contrast(0.5))

export const variation = (): Objective => [{ kind: 'variation', weight: 1 }]

export const unlikely = (): Objective => [{ kind: 'unlikely', weight: 1 }]

export const unlikeSketch = (): Objective => [{ kind: 'unlikeSketch', weight: 1 }]

export const unusual = (): Objective => [{ kind: 'unusual', weight: 1 }]

export const facet = (name: string): Objective => [{ kind: 'facet', facet: name, weight: 1 }]

export const sum = (...objectives: readonly Objective[]): Objective => objectives.flat()

export const scale = (factor: number, objective: Objective): Objective =>
  objective.map((term) => ({ ...term, weight: factor * term.weight }))

export const minus = (objective: Objective, other: Objective): Objective => sum(objective, scale(-1, other))
