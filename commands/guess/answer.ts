import { button, buttons, fields, note, picture, text } from '../../src/chat/elements.ts'
import type { ActionContext, Context } from '../../src/chat/context.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Element } from '../../src/chat/reply.ts'
import { waiting } from '../../src/chat/waiting.ts'
import { inSigma } from '../../src/chat/words.ts'
import { UserError } from '../../src/errors.ts'
import type { Translate } from '../../src/language.ts'
import { howNamed } from '../../src/neurons/how-named.ts'
import { guessPoints, shareLine, streaks, type Streaks } from '../../src/games/guess/streaks.ts'
import { answerOnce, unknownQuestion } from '../question/answer.ts'
import { askingFacets, facetLookOf, lookOf } from '../question/looks.ts'
import { neuronActions } from '../neuron/actions.ts'
import { settingsOf } from '../../src/chat/community.ts'
import { guessActions } from './actions.ts'
import { hintWord } from './hint-word.ts'
import { choiceName, lookPicture } from './ask.ts'
import {
  guessAnswer,
  guessHint,
  guessQuestion,
  type GuessAnswer,
  type GuessQuestion,
  type Hint,
} from './records.ts'

/** Nobody says where they live, so days are UTC's. */
const zone = 'UTC'
/** The usual picture has the first seed. */
const anotherSeed = 2

/** For programs. */
export interface AnsweredData {
  readonly right: boolean
  readonly points: number
  /** Whether it was the person's first answer, which is the one that counts. */
  readonly counted: boolean
  readonly unit: number
  readonly streaks: Streaks
}

/** Takes a player's one answer, and tells only them. */
export async function answer(
  context: ActionContext<AnsweredData>,
  id: string,
  choice: number,
): Promise<void> {
  const { services, place, person, t } = context
  const { store, now, catalogue } = services
  const asked = await recall(context, id)
  const taken = await store.list(guessHint, place, [person.id, id])
  const right = choice === asked.answer
  const at = now().getTime()
  const unit = catalogue.unit(asked.unit)
  const name = unit?.name ?? asked.choices[asked.answer]!
  const own = { person: person.id, choice, right, points: guessPoints(right, taken.length), at }
  const { given = own, first } = await answerOnce(
    context,
    {
      game: 'guess',
      id,
      asked,
      kind: guessAnswer,
      key: [person.id, id],
      open: true,
      points: ({ points }) => points,
      detail: name,
    },
    own,
  )
  const all = await store.list(guessAnswer, place, [person.id])
  const answers = all.map(({ value }) => value)
  const row = streaks(answers, at, zone)
  const named = unit ? howNamed(unit, t) : ''
  await context.reply({
    elements: [
      text(verdictOf(asked, given, first, t)),
      fields(fieldsOf(row, t)),
      text(t('guess.toShare', { line: `\`${shareLine(answers, t)}\`` })),
      note(plain(t('neuron.source', { model: catalogue.modelTitle, unit: asked.unit, named }))),
      buttons([
        button(neuronActions.id('page', asked.unit), t('neuron.about', { name })),
        button(guessActions.id('again'), t('guess.again'), { style: 'primary' }),
      ]),
    ],
    data: { right: given.right, points: given.points, counted: first, unit: asked.unit, streaks: row },
  })
}

async function recall({ services, place }: Context, id: string): Promise<GuessQuestion> {
  const asked = await services.store.get(guessQuestion, place, [id])
  if (!asked) throw unknownQuestion()
  return asked
}

function verdictOf(asked: GuessQuestion, given: GuessAnswer, first: boolean, t: Translate): string {
  const name = `**${plain(choiceName(asked, asked.answer, t))}**`
  const verdict = given.right
    ? t('guess.right', { name, count: given.points })
    : t('guess.wrong', { given: plain(choiceName(asked, given.choice, t)), name })
  return first ? verdict : t('question.answeredBefore', { verdict })
}

const fieldsOf = ({ answers, days }: Streaks, t: Translate) => [
  { name: t('guess.streak.answers'), value: t('guess.streak.value', { ...answers }) },
  { name: t('guess.streak.days'), value: t('guess.streak.value', { ...days }) },
]

/** A hint for one player only; it costs a point of this question once, however often it is looked at. */
export async function giveHint(context: ActionContext, id: string, hint: Hint): Promise<void> {
  const { services, place, person } = context
  const { store, now } = services
  const asked = await recall(context, id)
  if (await store.get(guessAnswer, place, [person.id, id]))
    throw new UserError('closed', 'guess.hint.tooLate')
  const element = hint === 'word' ? await wordHint(context, asked) : await lookHint(context, asked)
  const at = now().getTime()
  await store.insertIfAbsent(guessHint, place, [person.id, id, hint], { person: person.id, at })
  const taken = await store.list(guessHint, place, [person.id, id])
  const left = guessPoints(true, taken.length)
  await context.reply({
    elements: [element, note(context.t('guess.hint.nowWorth', { count: left }))],
  })
}

async function wordHint({ services, place, t }: Context, asked: GuessQuestion): Promise<Element> {
  const found = hintWord(services.catalogue, await settingsOf(services.store, place), asked)
  if (!found) throw new UserError('not-found', 'guess.hint.noWord')
  const strength = inSigma(found.sigma, false, t)
  return text(t('guess.hint.wordFires', { word: plain(found.word), strength }))
}

async function lookHint(context: Context, asked: GuessQuestion): Promise<Element> {
  const facet = askingFacets.find((each) => each !== asked.facet)!
  const run = waiting(context, context.t('guess.hint.drawing'))
  const { bytes } =
    (await facetLookOf(context.services, asked.unit, { ...run, facet })) ??
    (await lookOf(context.services, asked.unit, { ...run, seed: anotherSeed }))
  return picture(lookPicture(bytes, context.t))
}
