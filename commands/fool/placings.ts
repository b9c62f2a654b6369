import { standings } from '../../src/games/fool/score.ts'
import { pointsForPlace } from '../../src/games/scores/table.ts'
import type { ContestEntry, RankedEntry } from './records.ts'

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
      points: entry.verdict.fools ? pointsForPlace(place) : 0,
      entry,
    }))
  return { edits: ranked(edited), photographs: ranked(photograph) }
}
