/** Edited pictures count their ink; photographs are a class of their own, without ink. */
export type EntryClass = 'edit' | 'photograph'

/** What was measured of an entry. */
export interface Measured {
  readonly class: EntryClass
  /** The target is the top label, also where only the ink is laid over the original, or not once it is blurred. */
  readonly fools: boolean
  /** The target's, 0 to 1. */
  readonly probability: number
  /** Share of the pixels that were changed, 0 to 1; of edits alone. */
  readonly ink?: number | undefined
  /** When it arrived, in ms since 1970. */
  readonly at: number
}

export interface Ranked<E> {
  /** From 1; no two share one, for time decides. */
  readonly place: number
  readonly entry: E
}

/**
 * Whether a comes before b: those that fool first, among edits that fool the one with less ink, otherwise the one
 * with the higher probability, and at last the earlier one. Only entries of one class are compared.
 */
function compared(a: Measured, b: Measured): number {
  if (a.fools !== b.fools) return a.fools ? -1 : 1
  const inked = a.fools && a.class === 'edit' ? (a.ink ?? 1) - (b.ink ?? 1) : 0
  return inked || b.probability - a.probability || a.at - b.at
}

/** The best entry of each player, in order. An entry's own measure depends on nobody else's. */
export function standings<E extends Measured & { readonly person: string }>(
  entries: readonly E[],
  of: EntryClass,
): Ranked<E>[] {
  const best = new Map<string, E>()
  for (const entry of entries.filter((each) => each.class === of).sort(compared))
    if (!best.has(entry.person)) best.set(entry.person, entry)
  return [...best.values()].map((entry, i) => ({ place: i + 1, entry }))
}

/** What each place of a class is worth in /scores; who fools the model has at least one. */
const worth = [5, 3, 2]
export const pointsFor = ({ place, entry }: Ranked<Measured>): number =>
  entry.fools ? (worth[place - 1] ?? 1) : 0
