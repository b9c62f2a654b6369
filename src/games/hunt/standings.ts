/** How strongly a neuron fires, in sigma from zero, on a picture and on what is left of it without legible writing. */
export interface Fired {
  readonly asPosted: number
  /** Absent where no writing was found on the picture. */
  readonly writing?: {
    /** With the writing mirrored left to right. */
    readonly mirrored: number
    /** With the writing blurred out. */
    readonly blurred: number
  }
}

/** "seen" is a picture of the thing; "read, not seen" is its written name. */
export type HuntClass = 'seen' | 'read'

/**
 * Whether the neuron saw the picture or read it: it read where more than half of its strength goes both when the
 * writing is blurred out and when it is mirrored. Blurred alone would take a thing for writing that was found by
 * mistake; mirrored, a thing is still the thing.
 */
export function huntClass({ asPosted, writing }: Fired): HuntClass {
  if (!writing) return 'seen'
  return Math.max(writing.mirrored, writing.blurred) < asPosted / 2 ? 'read' : 'seen'
}

/** An entry as it is recorded. JSON-safe. */
export interface HuntEntry {
  readonly id: string
  readonly player: string
  /** When it was entered, in milliseconds since 1970. */
  readonly at: number
  readonly fired: Fired
  /** Withdrawn by its player or removed by a moderator: kept, but it does not count. */
  readonly gone?: boolean
}

export interface HuntPlace<T> {
  /** 1 for the best. */
  readonly place: number
  readonly entry: T
}

/** Negative where a stands before b: more sigma, then the earlier, and at the same instant the smaller id. */
const bySigma = (a: HuntEntry, b: HuntEntry): number =>
  b.fired.asPosted - a.fired.asPosted || a.at - b.at || (a.id < b.id ? -1 : Number(a.id > b.id))

/** The standings of each class, best first: of each player the one strongest entry that still counts. */
export function huntStandings<T extends HuntEntry>(entries: readonly T[]): Record<HuntClass, HuntPlace<T>[]> {
  const ofClass = (wanted: HuntClass): HuntPlace<T>[] => {
    const best = new Map<string, T>()
    for (const entry of entries) {
      if (entry.gone || huntClass(entry.fired) !== wanted) continue
      const other = best.get(entry.player)
      if (!other || bySigma(entry, other) < 0) best.set(entry.player, entry)
    }
    return [...best.values()].sort(bySigma).map((entry, i) => ({ place: i + 1, entry }))
  }
  return { seen: ofClass('seen'), read: ofClass('read') }
}
