import type { Calibration, ReliabilityCurve } from '../clip/pack-schema.ts'

/** How far to believe a pack, as it was measured on pictures that it had not seen. */
export interface Trust {
  /** How often a first name of this probability is right, 0 to 1. */
  nameIsRight(probability: number): number
  /** How often the unit that is shown first is right if it fires so strongly; undefined if units have no names. */
  unitIsRight(sigma: number): number | undefined
  /** How often it names which kinds of pictures rightly, the best first. */
  readonly kinds: Calibration['kinds']
}

export function trustOf({ names, units, kinds }: Calibration): Trust {
  return {
    nameIsRight: (probability) => along(names, probability),
    unitIsRight: (sigma) => units && along(units, sigma),
    kinds: kinds.toSorted((a, b) => b.right - a.right),
  }
}

/** How often what was said so is right: straight lines join the points; before the first and behind the last it is as there. */
export function along({ points }: Pick<ReliabilityCurve, 'points'>, at: number): number {
  const next = points.findIndex((point) => point.at >= at)
  if (next === -1) return points.at(-1)!.right
  if (next === 0) return points[0]!.right
  const [from, to] = [points[next - 1]!, points[next]!]
  return from.right + ((to.right - from.right) * (at - from.at)) / (to.at - from.at || 1)
}
