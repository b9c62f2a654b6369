import type { ActionContext, Context } from '../src/chat/context.ts'
import { defineCommand } from '../src/chat/define.ts'
import { choicesOf } from '../src/chat/options.ts'
import { personal } from '../src/chat/personal.ts'
import { guessActions } from './guess/actions.ts'
import { answer, type AnsweredData, giveHint } from './guess/answer.ts'
import { ask, type AskedData } from './guess/ask.ts'
import { guessAnswer, guessHint } from './guess/records.ts'
import { askingFacets } from './question/looks.ts'

/** What does this neuron look for? */
export const guess = defineCommand({
  name: 'guess',
  description: 'A picture of what a neuron looks for, and four names: which is it?',
  translations: {
    de: {
      name: 'raten',
      description: 'Ein Bild davon, was ein Neuron sucht, und vier Namen: Welcher ist es?',
    },
  },
  options: {
    facet: {
      type: 'choice',
      description: 'The kind of picture that it looks for; any kind if left out',
      choices: choicesOf(askingFacets),
    },
  },
  run: (context: Context<AskedData>, { facet }) => ask(context, facet),
  personal: [
    personal(guessAnswer, 'answers to /guess', ({ person }, id) => person === id),
    personal(guessHint, 'hints that you took in /guess', ({ person }, id) => person === id),
  ],
  scores: true,
  actions: guessActions.answeredBy({
    answer: {
      answers: 'person',
      run: (context: ActionContext<AnsweredData>, [id, choice]) => answer(context, id, choice),
    },
    hint: {
      answers: 'person',
      run: (context, [id, hint]) => giveHint(context, id, hint),
    },
    again: {
      answers: 'channel',
      run: (context: ActionContext<AskedData>) => ask(context, undefined),
    },
  }),
})
