import type { ActionContext } from '../src/chat/context.ts'
import { defineCommand } from '../src/chat/define.ts'
import { type EntryClass, foolActions } from './fool/actions.ts'
import { attackPicture } from './fool/attack.ts'
import { board, type BoardData, boardReply } from './fool/board.ts'
import { closeDueContests } from './fool/closing.ts'
import { numbered } from './fool/contests.ts'
import { end } from './fool/end.ts'
import type { EnteredData } from './fool/entry-reply.ts'
import { history } from './fool/history.ts'
import { extend, removeEntry, withdraw } from './fool/manage.ts'
import { type DraftData, enterDraft, enterPicture, write, writeOn } from './fool/play.ts'
import { foolPersonal } from './fool/personal.ts'
import { placeAt } from './fool/place.ts'
import { enterSketch, lookAtSketch, openSketch } from './fool/sketch.ts'
import { start } from './fool/start.ts'
import { why, type WhyData } from './fool/why-reply.ts'

/** Typographic attacks as a game: write a word on a thing, and the model sees the word. */
export const fool = defineCommand({
  name: 'fool',
  called: (t) => t('fool.name'),
  description: (t) => t('fool.description'),
  subcommands: {
    start,
    write,
    enter: enterPicture,
    board,
    end,
    extend,
    withdraw,
    remove: removeEntry,
    history,
    attack: attackPicture,
  },
  everyMinute: [closeDueContests],
  personal: foolPersonal,
  scores: true,
  actions: foolActions.answeredBy({
    write: {
      answers: 'person',
      form: () => ({ title: (t) => t('fool.form.title'), submitLabel: (t) => t('fool.form.try') }),
      run: (context: ActionContext<DraftData>, [number], values) => writeOn(context, values, number),
    },
    sketch: {
      answers: 'channel',
      form: () => ({ title: (t) => t('fool.form.title'), submitLabel: (t) => t('fool.form.enter') }),
      sketch: {
        open: (context, [number]) => openSketch(context, number),
        look: (context, [number], drawing) => lookAtSketch(context, number, drawing),
      },
      run: (context: ActionContext<EnteredData>, [number], given) => enterSketch(context, number, given),
    },
    enter: {
      answers: 'channel',
      run: (context: ActionContext<EnteredData>, [number, entry]) => enterDraft(context, number, entry),
    },
    place: {
      answers: 'edit',
      seenBy: 'person',
      run: (context: ActionContext<DraftData>, [number, draft, x, y]) =>
        placeAt(context, number, draft, x, y),
    },
    board: { answers: 'channel', run: turned },
    page: { answers: 'edit', run: turned },
    why: {
      answers: 'channel',
      run: (context: ActionContext<WhyData>, [number, entry]) => why(context, number, entry),
    },
  }),
})

/** The pages of the board. */
async function turned(
  context: ActionContext<BoardData>,
  [number, of, page]: readonly [number: number, of: EntryClass, page: number],
): Promise<void> {
  const contest = await numbered(context, number)
  await context.reply(await boardReply(context.services, context, contest, of, page))
}
