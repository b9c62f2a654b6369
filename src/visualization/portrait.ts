import {
  direction,
  facet as facetOf,
  type Objective,
  others,
  scale,
  sum,
  unlikely,
  unusual,
  variation,
} from './objective.ts'
import type { Manner } from './render.ts'

/**
 * How pictures of units are made, found by looking at contact sheets of the pocket pack: a white ground that the
 * picture fades into, for it learned most from drawings of one thing; coarse waves first, and none so fine that a
 * model sees them and no eye does; noise that falls, so that the prior settles the whole before its parts.
 */
export const manner: Manner = {
  rate: 0.25,
  views: 2,
  transforms: { shift: 0.12, scale: [0.75, 1.15], degrees: 10 },
  noise: [0.8, 0.15],
  ground: 0.97,
  margin: 0.2,
  finest: 64,
  fineness: 1.5,
}

/**
 * In the same way; what helps most is the prior. The paper's penalty on what is not grey has no share: it would wash
 * the white ground out.
 */
const OTHERS = 1.4
const VARIATION = 0.4
const UNLIKELY = 140
const UNUSUAL = 1.4
/** With a facet its own pictures' inner layers count for more, or written words would not come out as letters. */
const UNUSUAL_FACETED = 4
const FACET = 4

/** The objective of a unit's or a direction's picture: strong, and nothing else that other units look for. */
export function portrait(
  units: readonly { readonly unit: number; readonly weight: number }[],
  facet?: string,
): Objective {
  return sum(
    direction(units),
    scale(-OTHERS, others()),
    scale(-VARIATION, variation()),
    scale(-UNLIKELY, unlikely()),
    scale(facet === undefined ? -UNUSUAL : -UNUSUAL_FACETED, unusual()),
    facet === undefined ? [] : scale(FACET, facetOf(facet)),
  )
}
