import type { Context } from '../../src/chat/context.ts'
import { UserError } from '../../src/errors.ts'
import type { RecordKind } from '../../src/store/store.ts'
import { addScore } from '../scores/record.ts'
import type { Answer, Asked } from './records.ts'

/** A question that is being answered, and where its answers are kept. */
export interface Answering<Given extends Answer> {
  readonly game: string
  /** The question's. */
  readonly id: string
  readonly asked: Asked
  readonly kind: RecordKind<Given>
  /** The id of this person's answer. */
  readonly key: readonly string[]
  /** Whether an answer still counts. */
  readonly open: boolean
  readonly points: (given: Given) => number
  /** What the points are for. */
  readonly detail: string
}

/**
 * Takes a person's answer to a question: the first one counts, even when two come at once or a process dies in between.
 * @param answer theirs, if it is the first
 * @returns the one that counts, if any, and whether it is this one
 */
export async function answerOnce<Given extends Answer>(
  { services: { store }, place, person }: Context,
  { game, id, asked, kind, key, open, points, detail }: Answering<Given>,
  answer: Given,
): Promise<{ given: Given | undefined; first: boolean }> {
  if (asked.choices[answer.choice] === undefined) throw unknownQuestion()
  const first = open && (await store.insertIfAbsent(kind, place, key, answer))
  const given = await store.get(kind, place, key)
  // Even when pressed again: the process may have died between the answer and its points.
  if (given?.right) {
    const score = { game, person: person.id, name: person.name, points: points(given), at: given.at, detail }
    await addScore(store, place, id, score)
  }
  return { given, first }
}

export const unknownQuestion = (): UserError => new UserError('closed', 'question.unknown')
