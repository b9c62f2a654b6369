import { z } from 'zod'
import type { RecordKind } from '../../src/store/store.ts'

/** Hints in the order in which they are offered. */
export const hints = ['word', 'look'] as const
export type Hint = (typeof hints)[number]

const asked = z.object({
  unit: z.int(),
  choices: z.array(z.string()),
  answer: z.int(),
  facet: z.string().exactOptional(),
})
export type GuessQuestion = z.infer<typeof asked>

/** A question under a random id, which is all that its buttons tell. */
export const guessQuestion = {
  name: 'guess-question',
  version: 1,
  schema: asked,
} satisfies RecordKind<GuessQuestion>

const answer = z.object({
  person: z.string(),
  choice: z.int(),
  right: z.boolean(),
  points: z.int(),
  at: z.int(),
})
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
