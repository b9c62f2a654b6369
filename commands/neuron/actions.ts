import { arg, defineActions } from '../../src/chat/actions.ts'
import type { Translate } from '../../src/language.ts'
import { longestName } from './votes.ts'

const unit = arg.number
/** Of a /neurons card, if the page was opened from one. */
const answer = arg.optional(arg.text)
/** Who sees the page. */
const shown = arg.oneOf(['alone', 'all'])

const fields = {
  name: {
    type: 'text',
    description: (t: Translate) => t('neuron.rename.field'),
    required: true,
    maxLength: longestName,
  },
} as const

export const neuronActions = defineActions('neuron', {
  page: { args: [unit, answer] },
  turn: { args: [unit, answer] },
  visualize: { args: [unit] },
  suggest: { args: [unit, answer, shown], fields },
  vote: { args: [unit, answer, shown, arg.text] },
  rename: { args: [unit], fields },
})
