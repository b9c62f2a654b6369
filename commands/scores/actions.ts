import { arg, defineActions } from '../../src/chat/actions.ts'

const game = arg.optional(arg.text)
const since = arg.text

export const scoresActions = defineActions('scores', {
  page: { args: [game, since, arg.number] },
  since: { args: [game], chosen: [since] },
  hide: {},
  admin: { args: [game, since] },
  open: {
    fields: {
      name: { type: 'text', description: (t) => t('scores.season.name'), required: true, maxLength: 40 },
    },
  },
  close: {},
})
