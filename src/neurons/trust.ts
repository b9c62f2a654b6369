import type { Calibration, ReliabilityCurve } from '../clip/pack-schema.ts'
import type { Unit } from './catalogue.ts'
import { sameName } from './same-name.ts'

/** How far to believe a pack, measured on held-out pictures. */
export interface Trust {
  /**
   * How often a first name is right, 0 to 1.
   * @param standing see `standingOf`
   * @param agreed whether a unit that is shown has that name
   */
  nameIsRight(standing: number, agreed: boolean): number
  /** How often its answer is right for each kind of picture, the best first. */
  readonly kinds: Calibration['kinds']
}

export function trustOf({ names, agreed, alone, kinds }: Calibration): Trust {
  return {
    nameIsRight: (standing, isAgreed) => along((isAgreed ? agreed : alone) ?? names, standing),
    kinds: kinds.toSorted((a, b) => b.right - a.right),
  }
}

/** Names that are weighed for a standing; any others have next to no share. */
export const namesWeighed = 10

/**
 * How far the first name stands out, 0 to 1: the share that it has together with those that mean the same ("cat", "cat
 * face"), times its lead, which is 1 without a rival and a half with an equal one. That tells right names from wrong ones
 * better than the first name's share does (log loss 0.572 instead of 0.581 on the probe set, each half judged by the
 * other; 0.552 instead of 0.559 on 830 photographs), or than the lead does (0.566, but of what the model does not
 * know, such as screenshots, it names one in fifteen confidently and wrongly instead of one in fifty).
 * @param likeliest the likeliest `namesWeighed` names, best first
 */
export function standingOf(
  likeliest: readonly { readonly label: string; readonly probability: number }[],
): number {
  const [first] = likeliest
  if (!first) return 0
  const same = likeliest.filter(({ label }) => sameName(label, first.label))
  const share = same.reduce((sum, { probability }) => sum + probability, 0)
  const rival = likeliest.find((one) => !same.includes(one))?.probability ?? 0
  return share * (share / (share + rival))
}

/** Interpolates a curve linearly; constant before its first point and after its last. */
export function along({ points }: Pick<ReliabilityCurve, 'points'>, at: number): number {
  const next = points.findIndex((point) => point.at >= at)
  if (next === -1) return points.at(-1)!.right
  if (next === 0) return points[0]!.right
  const [from, to] = [points[next - 1]!, points[next]!]
  return from.right + ((to.right - from.right) * (at - from.at)) / (to.at - from.at || 1)
}

/** Whether one of the units on show whose name is not a guess has the name that the model takes the picture for. */
export const unitAgrees = (
  label: string,
  shown: readonly { readonly named: Pick<Unit, 'name' | 'certainty'> | undefined }[],
): boolean => shown.some(({ named }) => named && named.certainty !== 'unsure' && sameName(label, named.name))
