import { button, buttons, fields, note, picture, text } from '../../src/chat/elements.ts'
import type { ActionContext, Context } from '../../src/chat/context.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Element } from '../../src/chat/reply.ts'
import { waiting } from '../../src/chat/waiting.ts'
import { counted, inSigma } from '../../src/chat/words.ts'
import { UserError } from '../../src/errors.ts'
import { guessPoints, shareLine, streaks, type Streaks } from '../../src/games/guess/streaks.ts'
import { answeredBefore, answerOnce, unknownQuestion, youSaid } from '../question/answer.ts'
import { askingFacets, facetLookOf, lookOf } from '../question/looks.ts'
import { neuronActions } from '../neuron/actions.ts'
import { settingsOf } from '../../src/chat/community.ts'
import { guessActions } from './actions.ts'
import { hintWord } from './hint-word.ts'
import { lookPicture } from './ask.ts'
import {
  guessAnswer,
  guessHint,
  guessQuestion,
  type GuessAnswer,
  type GuessQuestion,
  type Hint,
} from './records.ts'

/** Nobody says where they live: everybody's day is the one of Greenwich. */
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

/** Takes a player's one answer, and tells them alone. */
export async function answer(
  context: ActionContext<AnsweredData>,
  id: string,
  choice: number,
): Promise<void> {
  const { services, place, person } = context
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
  const named = unit ? `${unit.certainty}, ${unit.namedBy}` : ''
  await context.reply({
    elements: [
      text(verdictOf(asked, given, first)),
      fields(fieldsOf(row)),
      text(`To share: \`${shareLine(answers)}\``),
      note(plain(`${catalogue.modelTitle}, unit ${asked.unit}: ${named}`)),
      buttons([
        button(neuronActions.id('page', asked.unit), `About ${name}`),
        button(guessActions.id('again'), 'Another one', { style: 'primary' }),
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

function verdictOf(asked: GuessQuestion, given: GuessAnswer, first: boolean): string {
  const name = `**${plain(asked.choices[asked.answer]!)}**`
  const verdict = given.right
    ? `Right, it is ${name}! That is worth ${counted(given.points, 'point')}.`
    : `${youSaid(asked, given)} It is ${name}.`
  return first ? verdict : answeredBefore + verdict
}

const fieldsOf = ({ answers, days }: Streaks) => [
  { name: 'Right in a row', value: `${answers.now} (best: ${answers.best})` },
  { name: 'Days in a row', value: `${days.now} (best: ${days.best})` },
]

/** A hint for one player alone; it costs a point of this question once, however often it is looked at. */
export async function giveHint(context: ActionContext, id: string, hint: Hint): Promise<void> {
  const { services, place, person } = context
  const { store, now } = services
  const asked = await recall(context, id)
  if (await store.get(guessAnswer, place, [person.id, id]))
    throw new UserError('closed', 'You have answered already: a hint would come too late.')
  const element = hint === 'word' ? await wordHint(context, asked) : await lookHint(context, asked)
  const at = now().getTime()
  await store.insertIfAbsent(guessHint, place, [person.id, id, hint], { person: person.id, at })
  const taken = await store.list(guessHint, place, [person.id, id])
  const left = guessPoints(true, taken.length)
  await context.reply({
    elements: [element, note(`The right name is now worth ${counted(left, 'point')} to you.`)],
  })
}

async function wordHint({ services, place }: Context, asked: GuessQuestion): Promise<Element> {
  const found = hintWord(services.catalogue, await settingsOf(services.store, place), asked)
  if (!found)
    throw new UserError('not-found', 'There is no word that hints at this one. It cost you nothing.')
  return text(`Written in a picture, the word **${plain(found.word)}** fires it at ${inSigma(found.sigma)}.`)
}

async function lookHint(context: Context, asked: GuessQuestion): Promise<Element> {
  const facet = askingFacets.find((each) => each !== asked.facet)!
  const run = waiting(context, 'Drawing another picture of it')
  const { bytes } =
    (await facetLookOf(context.services, asked.unit, { ...run, facet })) ??
    (await lookOf(context.services, asked.unit, { ...run, seed: anotherSeed }))
  return picture(lookPicture(bytes))
}
