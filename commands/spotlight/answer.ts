import type { ActionContext, Context } from '../../src/chat/context.ts'
import { plain } from '../../src/chat/markup.ts'
import { UserError } from '../../src/errors.ts'
import { spotlightPoints } from '../../src/games/question.ts'
import { postRecord } from '../post-once.ts'
import { type PageData, pageFor } from '../neuron/page.ts'
import { addScore } from '../scores/record.ts'
import { answerRecord, askedRecord, type AnswerRecord, type AskedRecord } from './records.ts'

/** For programs. */
export interface AnsweredData {
  /** Undefined if they had not answered before the answer was out. */
  readonly right: boolean | undefined
  /** Whether it was the person's first answer, which is the one that counts. */
  readonly counted: boolean
  readonly unit: PageData | undefined
}

/** Takes a person's one answer, and shows them alone whether it is right and the neuron's story. */
export async function answer(
  context: ActionContext<AnsweredData>,
  id: string,
  choice: number,
): Promise<void> {
  const { services, place, person } = context
  const { store, now, catalogue } = services
  const asked = await store.get(askedRecord, place, [id])
  if (!asked?.choices[choice]) throw new UserError('closed', 'This question is no longer known.')
  const own: AnswerRecord = {
    person: person.id,
    choice,
    right: choice === asked.answer,
    at: now().getTime(),
  }
  const open = !(await isAnswered(context, asked))
  const first = open && (await store.insertIfAbsent(answerRecord, place, [id, person.id], own))
  const given = await store.get(answerRecord, place, [id, person.id])
  // Also when pressed again: the process may have died between the answer and its points.
  if (given?.right) {
    const { choices, day = 'by request' } = asked
    const detail = `${choices[asked.answer]}, ${day}`
    const score = {
      game: 'spotlight',
      person: person.id,
      name: person.name,
      points: spotlightPoints,
    } as const
    await addScore(store, place, id, { ...score, at: given.at, detail })
  }
  const page = await pageFor(context, {
    unit: { unit: asked.unit, named: catalogue.units.find(({ unit }) => unit === asked.unit) },
    alone: true,
  })
  const verdict = { kind: 'text' as const, text: verdictOf(asked, given, first) }
  await context.reply({
    elements: [verdict, ...page.elements],
    data: { right: given?.right, counted: first, unit: page.data },
  })
}

/** The channel's next post tells the answer: from then on a press shows the story and counts no more. */
async function isAnswered({ services, place }: Context, { channel, day }: AskedRecord): Promise<boolean> {
  if (day === undefined) return false
  const posts = await services.store.list(postRecord, place, ['spotlight', channel])
  const now = services.now().getTime()
  return posts.some(({ id, value }) => value.outcome === 'posted' && value.at <= now && id[2]! > day)
}

function verdictOf(
  { choices, answer, unit }: AskedRecord,
  given: AnswerRecord | undefined,
  first: boolean,
): string {
  const is = `It is **${plain(choices[answer]!)}**, unit ${unit}.`
  if (!given) return `The answer is out already, so this one does not count. ${is}`
  const yours = given.right ? `Right! ${is}` : `You said ${plain(choices[given.choice]!)}. ${is}`
  if (!first) return `You have answered before, and the first answer counts. ${yours}`
  return given.right ? `${yours} That is worth ${spotlightPoints} points.` : yours
}
