import { arg, defineActions } from '../../src/chat/actions.ts'

export const huntActions = defineActions('hunt', {
  board: { args: [arg.number] },
  end: { args: [arg.number] },
})
