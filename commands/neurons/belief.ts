import { standingOf, type Trust } from '../../src/neurons/trust.ts'
import type { Take } from './takes.ts'

/** A name that is wrong more often than right is called a guess. */
const believable = 0.5

/**
 * The same names with the shares that they deserve: the first one's is how often such a first name is right, the others share the rest.
 * @param takes the likeliest `namesWeighed` names
 * @param agreed whether a unit that is shown has the first one's name
 */
export function calibrated(takes: readonly Take[], trust: Trust | undefined, agreed: boolean): Take[] {
  const [first, ...others] = takes
  if (!first || !trust) return [...takes]
  const right = trust.nameIsRight(standingOf(takes), agreed)
  const left = (1 - right) / (1 - first.probability || 1)
  return [
    { ...first, probability: right },
    ...others.map((take) => ({ ...take, probability: Math.min(right, take.probability * left) })),
  ]
}

/** Whether the first name is more likely wrong than right; nobody knows for a pack that was not measured. */
export const isGuess = (takes: readonly Take[], trust: Trust | undefined): boolean =>
  trust !== undefined && (takes[0]?.probability ?? 0) < believable
