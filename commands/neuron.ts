import { button, buttons, note, text } from '../src/chat/elements.ts'
import { settingsOf } from '../src/chat/community.ts'
import type { ActionContext, Context } from '../src/chat/context.ts'
import { defineCommand } from '../src/chat/define.ts'
import { plain } from '../src/chat/markup.ts'
import { isTheirs, personal } from '../src/chat/personal.ts'
import type { Translate } from '../src/language.ts'
import { neuronActions } from './neuron/actions.ts'
import { completions, type ShownUnit, unitByNumber, unitByText, unitName } from './neuron/look-up.ts'
import { type PageData, pageFor, type PageState } from './neuron/page.ts'
import { type VisualizedData, visualizeAfresh } from './neuron/visualize.ts'
import { nameVote, suggest, suggestionsOf, type Votes, voteFor } from './neuron/votes.ts'

async function unitOf({ services, place }: Context, unit: number): Promise<ShownUnit> {
  return unitByNumber(services.catalogue, await settingsOf(services.store, place), unit)
}

/** The arguments that `stateArgs` wrote. */
async function readState(
  context: Context,
  unit: number,
  answer: string | undefined,
  shown: 'alone' | 'all',
): Promise<PageState> {
  return { unit: await unitOf(context, unit), answer, alone: shown === 'alone' }
}

const form = (unit: number) => ({
  title: (t: Translate) => t('neuron.rename.title', { unit }),
  submitLabel: (t: Translate) => t('neuron.rename.submit'),
})

/** A page for one person: a new message, or in place of the page they are looking at. */
async function turnTo(
  context: ActionContext<PageData>,
  [unit, answer]: readonly [unit: number, answer?: string | undefined],
): Promise<void> {
  await context.reply(await pageFor(context, await readState(context, unit, answer, 'alone')))
}

/** For programs. */
interface RenamedData {
  readonly unit: number
  readonly suggestions: readonly Votes[]
}

/** One unit: what it looks for, what fires it, what people call it. */
export const neuron = defineCommand({
  name: 'neuron',
  called: (t) => t('neuron.name'),
  description: (t) => t('neuron.description'),
  options: {
    which: {
      type: 'text',
      called: (t) => t('neuron.which.name'),
      description: (t) => t('neuron.which.description'),
      required: true,
      maxLength: 80,
      complete: completions,
    },
  },
  async run(context: Context<PageData>, { which }) {
    const { catalogue, store } = context.services
    const settings = await settingsOf(store, context.place)
    const unit = unitByText(catalogue, settings, which)
    await context.reply(await pageFor(context, { unit, alone: false }))
  },
  personal: [personal(nameVote, (t) => t('neuron.kept'), isTheirs)],
  actions: neuronActions.answeredBy({
    page: { answers: 'person', run: turnTo },
    turn: { answers: 'edit', run: turnTo },
    visualize: {
      answers: 'person',
      async run(context: ActionContext<VisualizedData>, [unit]) {
        await visualizeAfresh(context, await unitOf(context, unit))
      },
    },
    /** From a page, which then shows the vote. */
    suggest: {
      answers: 'edit',
      form,
      async run(context: ActionContext<PageData>, [unit, answer, shown], { name }) {
        const state = await readState(context, unit, answer, shown)
        await suggest(context, unit, name)
        await context.reply(await pageFor(context, state))
      },
    },
    vote: {
      answers: 'edit',
      async run(context: ActionContext<PageData>, [unit, answer, shown, key]) {
        const state = await readState(context, unit, answer, shown)
        await voteFor(context, unit, key)
        await context.reply(await pageFor(context, state))
      },
    },
    /** From elsewhere: a /neurons card. */
    rename: {
      answers: 'person',
      form,
      async run(context: ActionContext<RenamedData>, [number], given) {
        const unit = await unitOf(context, number)
        const name = await suggest(context, unit.unit, given.name)
        const { store } = context.services
        const settings = await settingsOf(store, context.place)
        const suggestions = await suggestionsOf(store, context.place, settings, unit.unit)
        const votes = suggestions.find((each) => each.name.toLowerCase() === name.toLowerCase())?.votes ?? 1
        const { t } = context
        const values = { unit: plain(unitName(unit, t)), name: plain(name) }
        await context.reply({
          elements: [
            text(
              votes === 1
                ? t('neuron.rename.alone', values)
                : t('neuron.rename.others', { ...values, count: votes }),
            ),
            note(t('neuron.rename.oneVote')),
            buttons([
              button(neuronActions.id('page', unit.unit), t('neuron.about', { name: unitName(unit, t) })),
            ]),
          ],
          data: { unit: unit.unit, suggestions: suggestions.map(({ name, votes }) => ({ name, votes })) },
        })
      },
    },
  }),
})
