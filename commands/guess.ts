import type { ActionContext, Context } from '../src/chat/context.ts'
import { defineCommand } from '../src/chat/define.ts'
import { isTheirs, personal } from '../src/chat/personal.ts'
import type { Translate } from '../src/language.ts'
import { guessActions } from './guess/actions.ts'
import { answer, type AnsweredData, giveHint } from './guess/answer.ts'
import { ask, type AskedData } from './guess/ask.ts'
import { guessAnswer, guessHint, rounds } from './guess/records.ts'
import { askingFacets } from './question/looks.ts'

/** What does this neuron look for? */
export const guess = defineCommand({
  name: 'guess',
  called: (t) => t('guess.name'),
  description: (t) => t('guess.description'),
  options: {
    facet: {
      type: 'choice',
      called: (t) => t('guess.facet.name'),
      description: (t) => t('guess.facet.description'),
      choices: askingFacets.map((value) => ({ value, label: (t: Translate) => t(`words.facet.${value}`) })),
    },
    round: {
      type: 'choice',
      called: (t) => t('guess.round.name'),
      description: (t) => t('guess.round.description'),
      choices: rounds.map((value) => ({ value, label: (t: Translate) => t(`guess.round.${value}`) })),
    },
  },
  run: (context: Context<AskedData>, { facet, round }) => ask(context, { facet, round }),
  personal: [
    personal(guessAnswer, (t) => t('guess.kept.answers'), isTheirs),
    personal(guessHint, (t) => t('guess.kept.hints'), isTheirs),
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
