import { arg, defineActions } from '../../src/chat/actions.ts'
import { hints } from './records.ts'

const question = arg.text

export const guessActions = defineActions('guess', {
  answer: { args: [question, arg.number] },
  hint: { args: [question, arg.oneOf(hints)] },
  again: {},
})
