import { arg, defineActions } from '../../src/chat/actions.ts'
import { writingForm } from './writing.ts'

/** What the verdicts of a contest are ranked by, each by itself. */
export const entryClasses = ['edited', 'photograph'] as const
export type EntryClass = (typeof entryClasses)[number]

const contest = arg.number
const entry = arg.text
const boardPage = [contest, arg.oneOf(entryClasses), arg.number] as const

export const foolActions = defineActions('fool', {
  write: { args: [contest], fields: writingForm },
  enter: { args: [contest, entry] },
  place: { args: [contest, entry], chosen: [arg.number, arg.number] },
  board: { args: boardPage },
  page: { args: boardPage },
  why: { args: [contest, entry] },
})
