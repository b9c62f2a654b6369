/** How strongly a neuron fires, in sigma from zero. */
export interface Fired {
  readonly asPosted: number
  /** On the picture mirrored left to right. */
  readonly mirrored: number
}

/** "seen" is a picture of the thing; "read, not seen" is its written name. */
export type HuntClass = 'seen' | 'read'

/** A mirrored thing keeps at least this share of its strength, mirrored writing keeps less. */
const leftOfThings = 0.2

/**
 * Whether the neuron saw the picture or read it: a mirrored thing is still that thing, but a mirrored word is not a word.
 * On every ninth unit of the pocket pack, less than a fifth of the strength was left for 54 of 56 written words, and for 4
 * of 114 of the drawings and photographs that fire them most. Blurring possible writing separated the two far worse.
 */
export const huntClass = ({ asPosted, mirrored }: Fired): HuntClass =>
  mirrored < leftOfThings * asPosted ? 'read' : 'seen'

/** An entry as it is recorded. JSON-safe. */
export interface HuntEntry {
  readonly id: string
  readonly player: string
  /** When it was entered, in milliseconds since 1970. */
  readonly at: number
  readonly fired: Fired
}

export interface HuntPlace<T> {
  /** 1 for the best. */
  readonly place: number
  readonly entry: T
}

/** Negative if a ranks before b: more sigma, then the earlier, and at the same instant the smaller id. */
const bySigma = (a: HuntEntry, b: HuntEntry): number =>
  b.fired.asPosted - a.fired.asPosted || a.at - b.at || (a.id < b.id ? -1 : Number(a.id > b.id))

/** The standings of each class, best first, with each player's strongest entry. */
export function huntStandings<T extends HuntEntry>(entries: readonly T[]): Record<HuntClass, HuntPlace<T>[]> {
  const ofClass = (wanted: HuntClass): HuntPlace<T>[] => {
    const best = new Map<string, T>()
    for (const entry of entries) {
      if (huntClass(entry.fired) !== wanted) continue
      const other = best.get(entry.player)
      if (!other || bySigma(entry, other) < 0) best.set(entry.player, entry)
    }
    return [...best.values()].sort(bySigma).map((entry, i) => ({ place: i + 1, entry }))
  }
  return { seen: ofClass('seen'), read: ofClass('read') }
}
