import type { Command } from '../src/chat/command.ts'
import { answer, giveHint } from './guess/answer.ts'
import { ask } from './guess/ask.ts'
import { askingFacets } from './looks.ts'

/** What does this neuron look for? */
export const guess = {
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
      description: 'The kind of picture that it looks for; any kind where left out',
      choices: askingFacets.map((value) => ({ value, label: value })),
    },
  },
  run: (context, options) => ask(context, options.text('facet')),
  actions: {
    answer: {
      answers: 'person',
      run: (context, [id = '', choice = '']) => answer(context, id, Number(choice)),
    },
    hint: {
      answers: 'person',
      run: (context, [id = '', hint = '']) => giveHint(context, id, hint),
    },
    again: {
      answers: 'channel',
      run: (context) => ask(context, undefined),
    },
  },
} satisfies Command
