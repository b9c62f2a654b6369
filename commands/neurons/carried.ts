import { note } from '../../src/chat/elements.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Element } from '../../src/chat/reply.ts'
import type { Classification } from '../../src/jobs/engine.ts'
import type { Translate } from '../../src/language.ts'
import type { Catalogue } from '../../src/neurons/catalogue.ts'
import { hiddenUnits } from '../../src/neurons/firing.ts'
import { writtenName } from '../../src/neurons/written-name.ts'

/** Which units make a picture resemble a label: an exact attribution of their cosine. */
export interface Carried {
  readonly label: string
  /** Cosine of picture and label. */
  readonly likeness: number
  /** Those that add most to it; `share` is how much, and all units' shares add up to the likeness. */
  readonly units: { unit: number; share: number }[]
}

const shown = 3

/** Of the explained label; undefined on packs whose likeness is not a sum over units. */
export function carriedOf(
  label: string | undefined,
  { scores, shares }: Pick<Classification, 'scores' | 'shares'>,
  catalogue: Catalogue,
  sensitive: boolean,
): Carried | undefined {
  const [all] = shares ?? []
  const likeness = scores.find((score) => score.label === label)?.similarity
  if (label === undefined || likeness === undefined || !all) return undefined
  const hidden = new Set(hiddenUnits(catalogue, sensitive))
  const units = Array.from(all, (share, unit) => ({ unit, share }))
    .filter(({ unit, share }) => share > 0 && !hidden.has(unit))
    .sort((a, b) => b.share - a.share)
    .slice(0, shown)
  return { label, likeness, units }
}

/** "Its likeness to “peacock” is 64 of 100 points, above all through peacock (unit 10: 22) and hot dog (unit 287: 14)." */
export function carriedInWords(carried: Carried | undefined, catalogue: Catalogue, t: Translate): Element[] {
  if (!carried?.units.length) return []
  const units = carried.units.map(({ unit, share }) => {
    const name = catalogue.unit(unit)?.name
    const points = 100 * share
    return name === undefined
      ? t('neurons.carried.unnamed', { number: unit, points })
      : t('neurons.carried.unit', { name: plain(name), number: unit, points })
  })
  const label = plain(writtenName(carried.label))
  return [note(t('neurons.carried.likeness', { label, likeness: 100 * carried.likeness, units }))]
}
