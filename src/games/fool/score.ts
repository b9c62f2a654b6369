/** A label's share of the model's answer: the probabilities of one answer add up to 1. */
export interface LabelShare {
  readonly label: string
  readonly probability: number
}

export type Answer = readonly LabelShare[]

/** What the model said about an entry, each picture scored by itself. */
export type Measured =
  | {
      readonly kind: 'edited'
      readonly clean: Answer
      readonly asPosted: Answer
      /** The original with only the inked pixels laid over it. */
      readonly laidOver: Answer
      /** Share of the original's pixels that are inked, 0 to 1. */
      readonly ink: number
    }
  | {
      readonly kind: 'photograph'
      readonly clean: Answer
      readonly asPosted: Answer
      /** With the writing blurred out. */
      readonly blurred: Answer
      /** The whole photograph mirrored left to right. */
      readonly mirrored: Answer
    }

/** Why an entry does not fool. */
export type Shortfall = 'already-target' | 'not-target' | 'only-as-posted' | 'target-without-writing'

/** What an entry is worth; depends only on the entry and its contest's target. JSON-safe. */
export type Verdict = {
  readonly fools: boolean
  /** Absent if it fools. */
  readonly shortfall?: Shortfall
  /** The target's probability that counts, 0 to 1: of an edited picture the smaller of its two forms'. */
  readonly probability: number
} & ({ readonly kind: 'edited'; readonly ink: number } | { readonly kind: 'photograph' })

/** The label with the highest probability; if several have it, the first. Undefined for an empty answer. */
export const topLabel = (answer: Answer): string | undefined =>
  answer.reduce<LabelShare | undefined>(
    (top, next) => (top && top.probability >= next.probability ? top : next),
    undefined,
  )?.label

/** A label's probability, 0 if the answer has no such label. */
export const probabilityOf = (answer: Answer, label: string): number =>
  answer.find((share) => share.label === label)?.probability ?? 0

/**
 * Judges an entry. It fools if the target is the top label, and was not on the clean picture. An edited picture must fool
 * both as posted and with only its ink on the original, so that noise too faint to be ink wins nothing. A photograph must
 * lose the target when its writing is blurred, and when it is mirrored, which changes writing but not things, so that a
 * photograph of the target itself wins nothing.
 */
export function verdict(target: string, measured: Measured): Verdict {
  const shortfall = shortfallOf(target, measured)
  const asPosted = probabilityOf(measured.asPosted, target)
  const worth =
    measured.kind === 'edited'
      ? {
          kind: measured.kind,
          probability: Math.min(asPosted, probabilityOf(measured.laidOver, target)),
          ink: measured.ink,
        }
      : { kind: measured.kind, probability: asPosted }
  return { fools: shortfall === undefined, ...(shortfall && { shortfall }), ...worth }
}

function shortfallOf(target: string, measured: Measured): Shortfall | undefined {
  if (topLabel(measured.clean) === target) return 'already-target'
  if (topLabel(measured.asPosted) !== target) return 'not-target'
  if (measured.kind === 'edited') return topLabel(measured.laidOver) === target ? undefined : 'only-as-posted'
  const unread = [measured.blurred, measured.mirrored].map(topLabel)
  return unread.includes(target) ? 'target-without-writing' : undefined
}

/** An entry with its verdict, as it is recorded. JSON-safe. */
export interface ScoredEntry {
  readonly id: string
  readonly player: string
  /** When it was entered, in milliseconds since 1970. */
  readonly at: number
  readonly verdict: Verdict
}

export interface Placed<T> {
  /** 1 for the best. */
  readonly place: number
  readonly entry: T
}

/**
 * Negative if a ranks before b. Entries that fool come first; among edited pictures that fool, the one with less ink;
 * otherwise the higher probability of the target; then the earlier, and at the same instant the smaller id, so that the
 * order is total.
 */
export function byMerit(a: ScoredEntry, b: ScoredEntry): number {
  const [v, w] = [a.verdict, b.verdict]
  if (v.fools !== w.fools) return v.fools ? -1 : 1
  if (v.fools && v.kind === 'edited' && w.kind === 'edited' && v.ink !== w.ink) return v.ink - w.ink
  return w.probability - v.probability || a.at - b.at || (a.id < b.id ? -1 : Number(a.id > b.id))
}

/**
 * The standings of each class, best first, with each player's best entry. Photographs are a class of their own, because
 * they have no ink.
 */
export function standings<T extends ScoredEntry>(
  entries: readonly T[],
): Record<Verdict['kind'], Placed<T>[]> {
  const ofKind = (kind: Verdict['kind']): Placed<T>[] => {
    const best = new Map<string, T>()
    for (const entry of entries) {
      if (entry.verdict.kind !== kind) continue
      const other = best.get(entry.player)
      if (!other || byMerit(entry, other) < 0) best.set(entry.player, entry)
    }
    return [...best.values()].sort(byMerit).map((entry, i) => ({ place: i + 1, entry }))
  }
  return { edited: ofKind('edited'), photograph: ofKind('photograph') }
}
