import { arg, defineActions } from '../../src/chat/actions.ts'
import type { Options } from '../../src/chat/options.ts'
import type { Translate } from '../../src/language.ts'
import { writingForm } from './writing.ts'

/** What the verdicts of a contest are ranked by, each by itself. */
export const entryClasses = ['edited', 'photograph'] as const
export type EntryClass = (typeof entryClasses)[number]

const contest = arg.number
const entry = arg.text
const boardPage = [contest, arg.oneOf(entryClasses), arg.number] as const

/** What a page that people draw on sends: only the drawing, and the words in it. */
const sketchFields = {
  drawing: { type: 'picture', description: (t) => t('fool.form.drawing'), required: true },
  text: { type: 'text', description: (t) => t('fool.form.words'), maxLength: 400 },
} as const satisfies Options

export const foolActions = defineActions('fool', {
  write: { args: [contest], fields: writingForm },
  sketch: { args: [contest], fields: sketchFields },
  enter: { args: [contest, entry] },
  place: { args: [contest, entry], chosen: [arg.number, arg.number] },
  board: { args: boardPage },
  page: { args: boardPage },
  why: { args: [contest, entry] },
})

/** Opens the form or, on platforms where people can draw, the picture itself. */
export const writeButton = ({ number }: { readonly number: number }, t: Translate) =>
  ({
    id: foolActions.id('write', number),
    sketch: foolActions.id('sketch', number),
    label: t('fool.button.write'),
    style: 'primary',
  }) as const
