import { arg, defineActions } from '../../src/chat/actions.ts'

const card = [arg.text, arg.number] as const

export const neuronsActions = defineActions('neurons', {
  heat: { args: card },
  post: { args: card },
})
