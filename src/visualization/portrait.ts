import {
  direction,
  facet as facetOf,
  type Objective,
  others,
  scale,
  sum,
  unusual,
  variation,
} from './objective.ts'
import type { Manner } from './render.ts'

/**
 * How pictures of units are made, found by looking at contact sheets of the pocket pack: a light ground, for it
 * learned most from drawings; noise in what the model sees, without which it is content with patterns that no
 * eye can see; coarse waves first. What helps most is that the inner layers stay near what is usual in them.
 */
export const manner: Manner = {
  rate: 0.2,
  views: 2,
  transforms: { shift: 0.12, scale: [0.75, 1.15], degrees: 10, noise: 0.2 },
  ground: 0.8,
  fineness: 1.5,
}

/** In the same way. The paper's penalty on what is not grey has no share: it washes the light ground out. */
const OTHERS = 1
const VARIATION = 4
const UNUSUAL = 2.5
const FACET = 1.5

/** The objective of a unit's or a direction's picture: strong, and nothing else that other units look for. */
export function portrait(
  units: readonly { readonly unit: number; readonly weight: number }[],
  facet?: string,
): Objective {
  return sum(
    direction(units),
    scale(-OTHERS, others()),
    scale(-VARIATION, variation()),
    scale(-UNUSUAL, unusual()),
    facet === undefined ? [] : scale(FACET, facetOf(facet)),
  )
}
