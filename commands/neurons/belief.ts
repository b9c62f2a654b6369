import { goodAt } from '../../src/chat/about-model.ts'
import { text } from '../../src/chat/elements.ts'
import type { Element } from '../../src/chat/reply.ts'
import type { Translate } from '../../src/language.ts'
import type { Catalogue } from '../../src/neurons/catalogue.ts'
import type { Trust } from '../../src/neurons/trust.ts'
import type { Take } from './takes.ts'

/** Answers that are wrong more often than right are told with a warning. */
const believable = 0.5
const almostNever = 0.05

/**
 * The same names with the shares that they deserve: the first as often as such a first name is right, the others what is left.
 * @param agreed whether a unit that is shown has the first one's name
 */
export function calibrated(takes: readonly Take[], trust: Trust | undefined, agreed: boolean): Take[] {
  const [first, ...others] = takes
  if (!first || !trust) return [...takes]
  const right = trust.nameIsRight(first.probability, agreed)
  const left = (1 - right) / (1 - first.probability || 1)
  return [
    { ...first, probability: right },
    ...others.map((take) => ({ ...take, probability: Math.min(right, take.probability * left) })),
  ]
}

/**
 * One sentence if the first name is not to be believed: how often such names are right, as the line with the name says, and
 * what the pack is good at. A pack without names is judged by its first unit.
 */
export function doubtInWords(
  { trust }: Pick<Catalogue, 'trust'>,
  first: Take | undefined,
  sigma: number | undefined,
  t: Translate,
): Element[] {
  if (!trust) return []
  const right = first?.probability ?? (sigma === undefined ? undefined : trust.unitIsRight(sigma)) ?? 0
  if (right >= believable) return []
  const values = { goodAt: goodAt(trust, t) }
  return [
    text(
      right < almostNever
        ? t('neurons.doubt.never', values)
        : t('neurons.doubt.seldom', { ...values, tries: Math.round(1 / right) }),
    ),
  ]
}
