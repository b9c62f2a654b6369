import { z } from 'zod'
import type { RecordKind, Scope, Store } from '../../src/store/store.ts'

const schema = z.object({
  /** The command's name; it declares `scores`. */
  game: z.string(),
  person: z.string(),
  /** What others called them then. */
  name: z.string(),
  /** May be zero or below: a hint can cost more than an answer brings. */
  points: z.number(),
  /** In ms since 1970. */
  at: z.int(),
  /** What for, in some words: "third in 'Make it see an iPod'". */
  detail: z.string(),
})

export type Score = z.infer<typeof schema>

/** Points for one event of one game, under [game, event, person]. */
export const scoreRecord = { name: 'score', version: 1, schema } satisfies RecordKind<Score>

/**
 * Writes the points that one person made in one event, for example a contest or a question; an event counts once
 * however often this is called.
 * @returns whether these points are new
 */
export const addScore = (store: Store, scope: Scope, event: string, score: Score): Promise<boolean> =>
  store.insertIfAbsent(scoreRecord, scope, [score.game, event, score.person], score)
