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
  description: 'What does this neuron look for? A question with four answers',
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
    round: {
      type: 'choice',
      description: 'What to guess from; any of them where left out',
      choices: [
        { value: 'look', label: 'a picture of what a neuron looks for' },
        { value: 'pictures', label: 'four pictures that fire it' },
        { value: 'which', label: 'which of four pictures fires it' },
      ],
    },
  },
  run: (context: Context<AskedData>, { facet, round }) => ask(context, { facet, round }),
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
      run: (context: ActionContext<AskedData>) => ask(context),
    },
  }),
})
