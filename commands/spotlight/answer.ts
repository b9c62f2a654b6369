import { text } from '../../src/chat/elements.ts'
import type { ActionContext, Context } from '../../src/chat/context.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Translate } from '../../src/language.ts'
import { spotlightPoints } from '../../src/games/question.ts'
import { postRecord } from '../contest/post-once.ts'
import { type PageData, pageFor } from '../neuron/page.ts'
import { answerOnce, unknownQuestion } from '../question/answer.ts'
import type { Answer } from '../question/records.ts'
import { answerRecord, askedRecord, type AskedRecord } from './records.ts'

/** For programs. */
export interface AnsweredData {
  /** Undefined if they had not answered when the answer came out. */
  readonly right: boolean | undefined
  /** Whether it was the person's first answer, which is the one that counts. */
  readonly counted: boolean
  readonly unit: PageData | undefined
}

/** Takes a person's one answer, and shows only them whether it is right, and the neuron's story. */
export async function answer(
  context: ActionContext<AnsweredData>,
  id: string,
  choice: number,
): Promise<void> {
  const { services, place, person } = context
  const { store, now, catalogue } = services
  const asked = await store.get(askedRecord, place, [id])
  if (!asked) throw unknownQuestion()
  const right = choice === asked.answer
  const { given, first } = await answerOnce(
    context,
    {
      game: 'spotlight',
      id,
      asked,
      kind: answerRecord,
      key: [id, person.id],
      open: !(await isAnswered(context, asked)),
      points: () => spotlightPoints,
      detail: `${asked.choices[asked.answer]}, ${asked.day ?? 'by request'}`,
    },
    { person: person.id, choice, right, at: now().getTime() },
  )
  const page = await pageFor(context, {
    unit: { unit: asked.unit, named: catalogue.unit(asked.unit) },
    alone: true,
  })
  const verdict = text(verdictOf(asked, given, first, context.t))
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

function verdictOf(asked: AskedRecord, given: Answer | undefined, first: boolean, t: Translate): string {
  const is = { name: plain(asked.choices[asked.answer]!), unit: asked.unit }
  if (!given) return t('spotlight.tooLate', is)
  const verdict = given.right
    ? t('spotlight.right', is)
    : t('spotlight.wrong', { ...is, given: plain(asked.choices[given.choice]!) })
  if (!first) return t('question.answeredBefore', { verdict })
  return given.right ? `${verdict} ${t('spotlight.worth', { count: spotlightPoints })}` : verdict
}
