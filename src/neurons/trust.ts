import type { Calibration, ReliabilityCurve } from '../clip/pack-schema.ts'
import type { Unit } from './catalogue.ts'
import { sameName } from './same-name.ts'

/** How far to believe a pack, measured on held-out pictures. */
export interface Trust {
  /** How often a first name of this probability is right, 0 to 1. @param agreed whether a unit that is shown has that name */
  nameIsRight(probability: number, agreed: boolean): number
  /** How often its answer is right for each kind of picture, the best first. */
  readonly kinds: Calibration['kinds']
}

export function trustOf({ names, agreed, alone, kinds }: Calibration): Trust {
  return {
    nameIsRight: (probability, isAgreed) => along((isAgreed ? agreed : alone) ?? names, probability),
    kinds: kinds.toSorted((a, b) => b.right - a.right),
  }
}

/** Interpolates a curve linearly; constant before its first point and after its last. */
export function along({ points }: Pick<ReliabilityCurve, 'points'>, at: number): number {
  const next = points.findIndex((point) => point.at >= at)
  if (next === -1) return points.at(-1)!.right
  if (next === 0) return points[0]!.right
  const [from, to] = [points[next - 1]!, points[next]!]
  return from.right + ((to.right - from.right) * (at - from.at)) / (to.at - from.at || 1)
}

/** Whether one of the units that are shown, of those whose name is no guess, has the name that the model takes the picture for. */
export const unitAgrees = (
  label: string,
  shown: readonly { readonly named: Pick<Unit, 'name' | 'certainty'> | undefined }[],
): boolean => shown.some(({ named }) => named && named.certainty !== 'unsure' && sameName(label, named.name))
