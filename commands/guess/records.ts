import { z } from 'zod'
import type { RecordKind } from '../../src/store/store.ts'
import { answerSchema, askedSchema } from '../question/records.ts'

/** Hints in the order in which they are offered. */
export const hints = ['word', 'look'] as const
export type Hint = (typeof hints)[number]

/** What is shown: what the unit looks for, pictures that fire it, or pictures only one of which does. */
export const rounds = ['look', 'pictures', 'which'] as const
export type Round = (typeof rounds)[number]

const asked = askedSchema.extend({
  facet: z.string().exactOptional(),
  round: z.enum(rounds),
})
export type GuessQuestion = z.infer<typeof asked>

/** A question, under [id]. */
export const guessQuestion = {
  name: 'guess-question',
  version: 2,
  schema: asked,
  // Before there were several kinds of questions, all showed a look.
  migrate: { 1: (value) => ({ ...(value as object), round: 'look' }) },
} satisfies RecordKind<GuessQuestion>

const answer = answerSchema.extend({ points: z.int() })
export type GuessAnswer = z.infer<typeof answer>

/** A player's one answer, under [person, question]. */
export const guessAnswer = {
  name: 'guess-answer',
  version: 1,
  schema: answer,
} satisfies RecordKind<GuessAnswer>

/** That a player took a hint, under [person, question, hint]. */
export const guessHint = {
  name: 'guess-hint',
  version: 1,
  schema: z.object({ person: z.string(), at: z.int() }),
} satisfies RecordKind<{ person: string; at: number }>
