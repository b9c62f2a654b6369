import { button, buttons, gallery, heading, note, picture } from '../../src/chat/elements.ts'
import { settingsOf } from '../../src/chat/community.ts'
import type { Context } from '../../src/chat/context.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Element, Picture } from '../../src/chat/reply.ts'
import { waiting } from '../../src/chat/waiting.ts'
import type { Translate } from '../../src/language.ts'
import { rowOf } from '../../src/games/guess/streaks.ts'
import { random, seedOf } from '../../src/games/seed.ts'
import { askable, questionAbout } from '../question/ask.ts'
import { lookOf } from '../question/looks.ts'
import type { Asked } from '../question/records.ts'
import { guessActions } from './actions.ts'
import { hintWord } from './hint-word.ts'
import { guessAnswer, guessQuestion, hints, type GuessQuestion, type Round } from './records.ts'
import { firing, pictured, picturesOf, recognisable, roundsFor, whichFires } from './rounds.ts'

/** Whoever was right this often in a row gets harder ones. */
const hardFrom = 3

/** For programs. */
export interface AskedData {
  /** The question's id. */
  readonly question: string
  readonly round: Round
  readonly choices: readonly string[]
  readonly model: string
}

/** What a neuron looks for is harder to recognise than pictures, so it comes up half as often as each of the others. */
const often = (possible: readonly Round[]): readonly Round[] =>
  possible.flatMap((round) => (round === 'look' ? [round] : [round, round]))

interface Posed {
  readonly asked: Asked
  readonly title: string
  readonly show: Element
}

/** Asks which neuron it is, in one of three ways. */
export async function ask(
  context: Context<AskedData>,
  { facet, round }: { readonly facet?: string | undefined; readonly round?: Round | undefined } = {},
): Promise<void> {
  const { services, place, person, t } = context
  const { catalogue, store } = services
  const text = t('guess.thinking')
  context.progress({ text })
  const id = services.newId()
  const settings = await settingsOf(store, place)
  const answers = await store.list(guessAnswer, place, [person.id])
  const hard = rowOf(answers.map(({ value }) => value)) >= hardFrom
  const from = { ...services, settings, hard }
  const units = askable(catalogue, settings)
  const pick = <T>(list: readonly T[], what: string): T =>
    list[Math.floor(random(seedOf(id, what))() * list.length)]!
  const possible = facet === undefined ? roundsFor(units, from) : (['look'] as const)
  const chosen = round && possible.includes(round) ? round : pick(often(possible), 'round')

  const poses: Readonly<Record<Round, () => Promise<Posed>>> = {
    async look() {
      const unit = pick(recognisable(units, from, facet), 'unit')
      const { bytes } = await lookOf(services, unit.unit, { ...waiting(context, text), facet })
      return {
        asked: questionAbout(unit, units, catalogue, id, hard),
        title: t('guess.look.title'),
        show: picture(lookPicture(bytes, t)),
      }
    },
    async pictures() {
      const unit = pick(pictured(units, from, 2), 'unit')
      return {
        asked: questionAbout(unit, units, catalogue, id, hard),
        title: t('guess.pictures.title'),
        show: gallery(await firing(unit, from, t)),
      }
    },
    async which() {
      const some = pictured(units, from, 1)
      const unit = pick(some, 'unit')
      const { asked, items } = whichFires(unit, some, id, from)
      return {
        asked,
        title: t('guess.which.title', { name: plain(unit.name) }),
        show: gallery(await picturesOf(items, from, t)),
      }
    },
  }
  const { asked: posed, title, show } = await poses[chosen]()
  const asked = { ...posed, round: chosen, ...(facet !== undefined && { facet }) }
  await store.set(guessQuestion, place, [id], asked)
  await context.reply({
    elements: [
      heading(title),
      show,
      buttons(asked.choices.map((_, n) => button(guessActions.id('answer', id, n), choiceName(asked, n, t)))),
      ...(chosen === 'which'
        ? []
        : [
            buttons(
              hints
                .filter((hint) => hint !== 'word' || hintWord(catalogue, settings, asked))
                .map((hint) => button(guessActions.id('hint', id, hint), t(`guess.hint.${hint}`))),
            ),
          ]),
      ...(round && round !== chosen ? [note(t('guess.other'))] : []),
      note(plain(t(`guess.${chosen}.source`, { model: catalogue.modelTitle }))),
    ],
    data: { question: id, round: chosen, choices: asked.choices, model: catalogue.modelId },
  })
}

/** The names on offer are the units'; pictures have only their numbers. */
export const choiceName = (
  { round, choices }: Pick<GuessQuestion, 'round' | 'choices'>,
  n: number,
  t: Translate,
): string => (round === 'which' ? t('guess.which.picture', { number: n + 1 }) : choices[n]!)

/** Doesn't give away which unit it is. */
export const lookPicture = (bytes: Uint8Array, t: Translate): Picture => ({
  bytes,
  mimeType: 'image/jpeg',
  name: 'neuron.jpeg',
  alt: t('guess.look.alt'),
})
