import {
  direction,
  facet as facetOf,
  type Objective,
  others,
  scale,
  sum,
  unlikely,
  unlikeSketch,
  unusual,
  variation,
} from './objective.ts'
import type { TransformRange } from './transform.ts'

/** How pictures are made; what they should show is up to the objective. */
export interface Style {
  /** Adam's initial learning rate; it falls linearly to a tenth. */
  readonly rate: number
  /** Transformed views of the picture that the model sees in each step. */
  readonly views: number
  readonly transforms: TransformRange
  /**
   * Standard deviation of the noise on the picture that the model sees; colours are 0 to 1. Falls geometrically from
   * the first to the last, both above 0, so that the composition settles before the details. Without a prior, which
   * removes the noise again, it is always the last.
   */
  readonly noise: readonly [first: number, last: number]
  /** Brightness of the picture at the start and of its surroundings, between 0 (black) and 1 (white), exclusive. */
  readonly background: number
  /** Width of the fade into the background at each edge, in shares of the side; above 0. */
  readonly margin: number
  /** Functions of the Fourier basis along a side, at most; the highest frequency is half as many cycles. */
  readonly basisSize: number
  /** Amplitudes are scaled by 1 / frequency ** decayPower; lucid's is 1. */
  readonly decayPower: number
}

/**
 * How pictures of units are made, found by looking at contact sheets of the pocket pack: a white background that the
 * picture fades into, because the model learned most from drawings of one thing; low frequencies favoured, and none so
 * high that only a model sees them; noise that falls, so that the prior settles the composition before the details.
 */
export const style: Style = {
  rate: 0.25,
  views: 2,
  transforms: { shift: 0.12, scale: [0.75, 1.15], degrees: 10 },
  noise: [0.8, 0.15],
  background: 0.97,
  margin: 0.2,
  basisSize: 64,
  decayPower: 1.5,
}

/**
 * Weights of the terms, found in the same way; what helps most is the prior. The paper's penalty on contrast is left out:
 * it would wash out the white background.
 */
const othersWeight = 1.4
const variationWeight = 0.4
const unlikelyWeight = 140
const unusualWeight = 1.4
/** With a facet this term must weigh more, or written words would not come out as letters. */
const unusualFacetedWeight = 4
const facetWeight = 4
/** Found on portraits that grow from a drawn face: at 700 the units tear it apart, at 5,000 they only tint it. */
const unlikeSketchWeight = 2500

/**
 * The objective of a unit's or a direction's picture: it should fire strongly, and the other units should not.
 * @param sketched whether it should also look like the sketch that it grows from
 */
export function objectiveOf(
  units: readonly { readonly unit: number; readonly weight: number }[],
  { facet, sketched = false }: { readonly facet?: string | undefined; readonly sketched?: boolean } = {},
): Objective {
  return sum(
    direction(units),
    scale(-othersWeight, others()),
    scale(-variationWeight, variation()),
    scale(-unlikelyWeight, unlikely()),
    scale(facet === undefined ? -unusualWeight : -unusualFacetedWeight, unusual()),
    sketched ? scale(-unlikeSketchWeight, unlikeSketch()) : [],
    facet === undefined ? [] : scale(facetWeight, facetOf(facet)),
  )
}
