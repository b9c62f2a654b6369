import { standings } from '../../src/games/fool/score.ts'
import type { ContestEntry, RankedEntry } from './records.ts'

/** What each place is worth in /scores; whoever fools the model has at least one point. */
const worth = [5, 3, 2]

/** The standings of both classes, best first. */
export function placings(kept: readonly { readonly id: string; readonly entry: ContestEntry }[]): {
  edits: RankedEntry[]
  photographs: RankedEntry[]
} {
  const { edited, photograph } = standings(
    kept.map(({ id, entry }) => ({ id, player: entry.person, at: entry.at, verdict: entry.verdict, entry })),
  )
  const ranked = (list: typeof edited): RankedEntry[] =>
    list.map(({ place, entry: { id, entry } }) => ({
      place,
      id,
      points: entry.verdict.fools ? (worth[place - 1] ?? 1) : 0,
      entry,
    }))
  return { edits: ranked(edited), photographs: ranked(photograph) }
}
