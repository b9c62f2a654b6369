import { arg, defineActions } from '../../src/chat/actions.ts'

export const spotlightActions = defineActions('spotlight', { answer: { args: [arg.text, arg.number] } })
