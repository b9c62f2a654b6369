import { actionId } from '../src/chat/action-id.ts'
import type { Action, Command, Form } from '../src/chat/command.ts'
import { settingsOf } from '../src/chat/community.ts'
import type { Context } from '../src/chat/context.ts'
import { plain } from '../src/chat/markup.ts'
import { completions, type ShownUnit, unitByNumber, unitByText, unitName } from './neuron/look-up.ts'
import { pageFor, type PageState } from './neuron/page.ts'
import { visualizeAfresh } from './neuron/visualize.ts'
import { longestName, suggest, suggestionsOf, voteFor } from './neuron/votes.ts'

async function unitOf({ services, place }: Context, unit: string | undefined): Promise<ShownUnit> {
  return unitByNumber(services.catalogue, await settingsOf(services.store, place), Number(unit))
}

/** The arguments that `stateArgs` wrote. */
async function readState(context: Context, [unit, answer, shown]: readonly string[]): Promise<PageState> {
  return { unit: await unitOf(context, unit), answer: answer || undefined, alone: shown === 'alone' }
}

const form = ([unit]: readonly string[]): Form => ({
  title: `A better name for unit ${unit}`,
  submitLabel: 'Suggest it',
  fields: {
    name: { type: 'text', description: 'What would you call it?', required: true, maxLength: longestName },
  },
})

/** A page for one person: a new message, or in place of the page that they look at. */
const turnTo = (answers: 'person' | 'edit'): Action => ({
  answers,
  async run(context, [unit, answer = '']) {
    const state = { unit: await unitOf(context, unit), answer: answer || undefined, alone: true }
    await context.reply(await pageFor(context, state))
  },
})

/** One unit: what it looks for, what fires it, what people call it. */
export const neuron = {
  name: 'neuron',
  description: 'One neuron: what it looks for, what fires it, what it is called',
  translations: {
    de: { name: 'neuron', description: 'Ein Neuron: was es sucht, wobei es feuert, wie es heißt' },
  },
  options: {
    which: {
      type: 'text',
      description: 'Its number or name',
      required: true,
      maxLength: 80,
      completes: true,
    },
  },
  async run(context, options) {
    const { catalogue, store } = context.services
    const settings = await settingsOf(store, context.place)
    const unit = unitByText(catalogue, settings, options.requiredText('which'))
    await context.reply(await pageFor(context, { unit, alone: false }))
  },
  complete: (context, _option, typed) => completions(context, typed),
  actions: {
    page: turnTo('person'),
    turn: turnTo('edit'),
    visualize: {
      answers: 'person',
      async run(context, [unit]) {
        await visualizeAfresh(context, await unitOf(context, unit))
      },
    },
    /** From a page, which then shows the vote. */
    suggest: {
      answers: 'edit',
      form,
      async run(context, args, values) {
        const state = await readState(context, args)
        await suggest(context, state.unit.unit, values.requiredText('name'))
        await context.reply(await pageFor(context, state))
      },
    },
    vote: {
      answers: 'edit',
      async run(context, [unit, answer, shown, key = '']) {
        const state = await readState(
          context,
          [unit, answer, shown].map((arg) => arg ?? ''),
        )
        await voteFor(context, state.unit.unit, key)
        await context.reply(await pageFor(context, state))
      },
    },
    /** From elsewhere: a /neurons card. */
    rename: {
      answers: 'person',
      form,
      async run(context, [number], values) {
        const unit = await unitOf(context, number)
        const name = await suggest(context, unit.unit, values.requiredText('name'))
        const { store } = context.services
        const settings = await settingsOf(store, context.place)
        const suggestions = await suggestionsOf(store, context.place, settings, unit.unit)
        const votes = suggestions.find((each) => each.name.toLowerCase() === name.toLowerCase())?.votes ?? 1
        const others = votes === 1 ? 'Nobody else here does yet' : `${votes} people here do`
        await context.reply({
          elements: [
            { kind: 'text', text: `You call ${plain(unitName(unit))} **${plain(name)}**. ${others}.` },
            { kind: 'note', text: 'One vote a person and neuron: suggest another name to change yours.' },
            {
              kind: 'buttons',
              buttons: [{ id: actionId('neuron', 'page', unit.unit), label: `About ${unitName(unit)}` }],
            },
          ],
          data: { unit: unit.unit, suggestions: suggestions.map(({ name, votes }) => ({ name, votes })) },
        })
      },
    },
  },
} satisfies Command
