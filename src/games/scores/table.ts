/** Points that a person got for one event of a game. */
export interface Points<Game extends string = string> {
  readonly game: Game
  readonly person: string
  /** What others called them then. */
  readonly name: string
  readonly points: number
  /** In milliseconds since 1970. */
  readonly at: number
}

/** Which points count; an absent field sets no limit. */
export interface Selection {
  readonly game?: string
  /** From this instant on, in milliseconds since 1970. */
  readonly from?: number
  /** Up to but not including this instant. */
  readonly until?: number
}

export interface Row {
  /** 1 for the most points; equal points share a place, and the next place is skipped. */
  readonly place: number
  readonly person: string
  /** The latest of their names. */
  readonly name: string
  readonly points: number
  /** Points by game, for games that gave them any. */
  readonly byGame: Readonly<Record<string, number>>
}

/** Points for the first places at the end of a contest or a hunt, and for every other place. */
const forPlaces = [5, 3, 2]
const otherwise = 1

/**
 * The table of points over all games:
 *
 * | what | points |
 * |---|---|
 * | contest, first, second and third of a class, and every other entry that counts: if it fools | 5, 3, 2, 1 |
 * | hunt, the same | 5, 3, 2, 1 |
 * | spotlight, right answer | 3 |
 * | guess, right answer | 3, less 1 for each hint |
 *
 * @param place 1 for the winner
 */
export const pointsForPlace = (place: number): number => forPlaces[place - 1] ?? otherwise

/**
 * The standings of a community, most points first, then in the order in which they got there, then by id.
 * @param hidden people who don't want to be listed
 */
export function scoreTable(
  all: readonly Points[],
  { game, from = -Infinity, until = Infinity }: Selection,
  hidden: ReadonlySet<string>,
): Row[] {
  const people = new Map<
    string,
    { name: string; points: number; last: number; byGame: Record<string, number> }
  >()
  for (const each of all.toSorted((a, b) => a.at - b.at)) {
    if (hidden.has(each.person) || each.at < from || each.at >= until) continue
    if (game !== undefined && each.game !== game) continue
    const person = people.get(each.person) ?? { name: each.name, points: 0, last: each.at, byGame: {} }
    person.name = each.name
    person.points += each.points
    if (each.points !== 0) person.last = each.at
    person.byGame[each.game] = (person.byGame[each.game] ?? 0) + each.points
    people.set(each.person, person)
  }
  const ordered = [...people].sort(
    ([a, p], [b, q]) => q.points - p.points || p.last - q.last || (a < b ? -1 : 1),
  )
  return ordered.map(([person, { name, points, byGame }]) => ({
    place: ordered.findIndex(([, other]) => other.points === points) + 1,
    person,
    name,
    points,
    byGame,
  }))
}
