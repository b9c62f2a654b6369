import type { ProbeItem } from '../../clip/probe-set.ts'
import type { Activations } from '../measure/activations.ts'

/** A label whose pictures fire a unit more than others do. */
export interface ProbeName {
  readonly label: string
  /** Area under the precision-recall curve, 0 to 1; chance gives the label's share of the pictures. */
  readonly auprc: number
  readonly pictures: number
}

/** Labels with fewer pictures are not considered. */
const leastPictures = 3

/** The label that describes each unit best over the probe set, by average precision. @returns by unit */
export function namesByProbeSet(
  items: readonly ProbeItem[],
  { after }: Activations,
): (ProbeName | undefined)[] {
  const counts = new Map<string, number>()
  for (const { label } of items) counts.set(label, (counts.get(label) ?? 0) + 1)
  const units = after[0]?.length ?? 0
  return Array.from({ length: units }, (_, unit) => {
    const order = [...after.keys()].sort((a, b) => after[b]![unit]! - after[a]![unit]! || a - b)
    const found = new Map<string, { hits: number; precision: number }>()
    for (const [rank, picture] of order.entries()) {
      // Pictures that don't fire the unit have no rank.
      if (!(after[picture]![unit]! > 0)) break
      const { label } = items[picture]!
      const one = found.get(label) ?? { hits: 0, precision: 0 }
      one.hits++
      one.precision += one.hits / (rank + 1)
      found.set(label, one)
    }
    let best: ProbeName | undefined
    for (const [label, { precision }] of found) {
      const pictures = counts.get(label)!
      const auprc = precision / pictures
      if (pictures >= leastPictures && auprc > (best?.auprc ?? 0)) best = { label, auprc, pictures }
    }
    return best
  })
}

/** The unit's mean strength over the pictures of each label. */
export function meansByLabel(
  items: readonly ProbeItem[],
  { after }: Activations,
  unit: number,
): Map<string, number> {
  const sums = new Map<string, { sum: number; count: number }>()
  for (const [n, { label }] of items.entries()) {
    const one = sums.get(label) ?? { sum: 0, count: 0 }
    one.sum += after[n]![unit]!
    one.count++
    sums.set(label, one)
  }
  return new Map([...sums].map(([label, { sum, count }]) => [label, sum / count]))
}
