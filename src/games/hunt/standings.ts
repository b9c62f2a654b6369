/** How strongly a neuron fires, in sigma from zero. */
export interface Fired {
  readonly asPosted: number
  /** On the picture mirrored left to right. */
  readonly mirrored: number
}

/** "seen" is a picture of the thing; "read, not seen" is its written name. */
export type HuntClass = 'seen' | 'read'

/** Of what a picture does, this share or more is left of a thing when it is mirrored, and less of writing. */
const leftOfThings = 0.2

/**
 * Whether the neuron saw the picture or read it: mirrored, a thing is still the thing, and a word no word. Of
 * every ninth unit of the pocket pack, less than a fifth was left of 54 of 56 written words, and of 4 of 114 of
 * the drawings and photographs that fire them most; a blur of where writing may be told things from words far worse.
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

/** Negative where a stands before b: more sigma, then the earlier, and at the same instant the smaller id. */
const bySigma = (a: HuntEntry, b: HuntEntry): number =>
  b.fired.asPosted - a.fired.asPosted || a.at - b.at || (a.id < b.id ? -1 : Number(a.id > b.id))

/** The standings of each class, best first: of each player the one strongest entry. */
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
