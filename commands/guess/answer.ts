import type { ActionContext, Context } from '../../src/chat/context.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Element } from '../../src/chat/reply.ts'
import { waiting } from '../../src/chat/waiting.ts'
import { UserError } from '../../src/errors.ts'
import { guessPoints, streaks, type Streaks } from '../../src/games/guess/streaks.ts'
import { alike } from '../../src/games/question.ts'
import { askingFacets, lookOf } from '../looks.ts'
import { neuronActions } from '../neuron/actions.ts'
import { isFit } from '../neuron/votes.ts'
import { settingsOf } from '../../src/chat/community.ts'
import { addScore } from '../scores/record.ts'
import { guessActions } from './actions.ts'
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
  if (!asked.choices[choice]) throw new UserError('closed', 'This question is no longer known.')
  const taken = await store.list(guessHint, place, [person.id, id])
  const right = choice === asked.answer
  const at = now().getTime()
  const own = { person: person.id, choice, right, points: guessPoints(right, taken.length), at }
  const first = await store.insertIfAbsent(guessAnswer, place, [person.id, id], own)
  const given = (await store.get(guessAnswer, place, [person.id, id])) ?? own
  const name = asked.choices[asked.answer]!
  // Also when pressed again: the process may have died between the answer and its points.
  if (given.right)
    await addScore(store, place, id, {
      game: 'guess',
      person: person.id,
      name: person.name,
      points: given.points,
      at: given.at,
      detail: name,
    })
  const all = await store.list(guessAnswer, place, [person.id])
  const row = streaks(
    all.map(({ value }) => value),
    at,
    zone,
  )
  const unit = catalogue.units.find((each) => each.unit === asked.unit)
  const named = unit ? `${unit.certainty}, ${unit.namedBy}` : ''
  await context.reply({
    elements: [
      { kind: 'text', text: verdictOf(asked, given, first) },
      { kind: 'fields', fields: fieldsOf(row) },
      { kind: 'note', text: plain(`${catalogue.modelTitle}, unit ${asked.unit}: ${named}`) },
      {
        kind: 'buttons',
        buttons: [
          { id: neuronActions.id('page', asked.unit), label: `About ${name}` },
          { id: guessActions.id('again'), label: 'Another one', style: 'primary' },
        ],
      },
    ],
    data: { right: given.right, points: given.points, counted: first, unit: asked.unit, streaks: row },
  })
}

async function recall({ services, place }: Context, id: string): Promise<GuessQuestion> {
  const asked = await services.store.get(guessQuestion, place, [id])
  if (!asked) throw new UserError('closed', 'This question is no longer known; /guess asks another one.')
  return asked
}

function verdictOf({ choices, answer }: GuessQuestion, given: GuessAnswer, first: boolean): string {
  const name = `**${plain(choices[answer]!)}**`
  const points = given.points === 1 ? 'a point' : `${given.points} points`
  const verdict = given.right
    ? `Right, it is ${name}! That is worth ${points}.`
    : `You said ${plain(choices[given.choice]!)}. It is ${name}.`
  return first ? verdict : `You have answered before, and the first answer counts. ${verdict}`
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
    elements: [
      element,
      {
        kind: 'note',
        text: `The right name is now worth ${left === 1 ? 'a point' : `${left} points`} to you.`,
      },
    ],
  })
}

/** The word that fires it most and is neither its name nor part of it. */
async function wordHint({ services, place }: Context, asked: GuessQuestion): Promise<Element> {
  const { store, catalogue } = services
  const settings = await settingsOf(store, place)
  const name = asked.choices[asked.answer]!
  const found = catalogue.tuning?.units[asked.unit]?.words.find(
    ({ word }) => isFit(settings, word) && !name.split(/\P{L}+/u).some((part) => part && alike(part, word)),
  )
  if (!found)
    throw new UserError('not-found', 'There is no word that would not tell the name; it costs nothing.')
  return {
    kind: 'text',
    text: `Written in a picture, the word **${plain(found.word)}** fires it with ${found.sigma.toFixed(1)} σ.`,
  }
}

async function lookHint(context: Context, asked: GuessQuestion): Promise<Element> {
  const facet = askingFacets.find((each) => each !== asked.facet)!
  const run = waiting(context, 'Drawing another picture of it')
  const { bytes } = await lookOf(context.services, asked.unit, { ...run, facet })
  return { kind: 'picture', picture: lookPicture(bytes) }
}
