import { button, buttons, heading, note, picture } from '../../src/chat/elements.ts'
import { randomUUID } from 'node:crypto'
import { settingsOf } from '../../src/chat/community.ts'
import type { Context } from '../../src/chat/context.ts'
import type { Picture } from '../../src/chat/reply.ts'
import { waiting } from '../../src/chat/waiting.ts'
import { random, seedOf } from '../../src/games/seed.ts'
import { askable, questionAbout } from '../question/ask.ts'
import { lookOf } from '../question/looks.ts'
import { guessActions } from './actions.ts'
import { guessQuestion, hints, type Hint } from './records.ts'

const hintLabels: Readonly<Record<Hint, string>> = {
  word: 'Hint: a word (−1)',
  look: 'Hint: a picture (−1)',
}

/** For programs. */
export interface AskedData {
  /** The question's id. */
  readonly question: string
  readonly choices: readonly string[]
  readonly model: string
}

/** Shows what a unit looks for, and four names. */
export async function ask(context: Context<AskedData>, facet: string | undefined): Promise<void> {
  const { services, place } = context
  const { catalogue, store } = services
  const text = 'Drawing what a neuron looks for'
  context.progress({ text })
  const id = randomUUID()
  const units = askable(catalogue, await settingsOf(store, place))
  const unit = units[Math.floor(random(seedOf(id, 'unit'))() * units.length)]!
  const asked = questionAbout(unit, units, catalogue, id)
  const look = await lookOf(services, unit.unit, { ...waiting(context, text), facet })
  await store.set(guessQuestion, place, [id], { ...asked, ...(facet !== undefined && { facet }) })
  await context.reply({
    elements: [
      heading('Which neuron is this?'),
      picture(lookPicture(look.bytes)),
      buttons(asked.choices.map((label, n) => button(guessActions.id('answer', id, n), label))),
      buttons(hints.map((hint) => button(guessActions.id('hint', id, hint), hintLabels[hint]))),
      note(
        `I computed this picture: one neuron of ${catalogue.modelTitle} fires for it. One answer each; only you see yours.`,
      ),
    ],
    data: { question: id, choices: asked.choices, model: catalogue.modelId },
  })
}

/** Tells nothing of which unit it is. */
export const lookPicture = (bytes: Uint8Array): Picture => ({
  bytes,
  mimeType: 'image/jpeg',
  name: 'neuron.jpeg',
  alt: 'A picture that the bot computed: what one neuron looks for. Its name is the question.',
})
