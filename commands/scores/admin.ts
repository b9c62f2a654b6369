import { button, buttons, file, note, text } from '../../src/chat/elements.ts'
import type { ActionContext } from '../../src/chat/context.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Reply } from '../../src/chat/reply.ts'
import { UserError } from '../../src/errors.ts'
import { scoresCsv } from '../../src/games/scores/csv.ts'
import { currentSeason } from '../../src/games/scores/seasons.ts'
import { scoresActions } from './actions.ts'
import { closeSeason, openSeason } from './records.ts'
import { tableOf, type View } from './show.ts'

/** What moderators can do with the scores: take them away as a table, open and close seasons. */
export async function adminReply(
  context: ActionContext,
  games: readonly string[],
  view: Pick<View, 'game' | 'since'>,
  said?: string,
): Promise<Reply<never>> {
  const { seasons, rows, subject } = await tableOf(context, view)
  const open = currentSeason(seasons)
  return {
    elements: [
      ...(said ? [text(said)] : []),
      text(
        open
          ? `The season **${plain(open.name)}** is running.`
          : 'No season is running: points count for all time.',
      ),
      file({ name: 'scores.csv', mimeType: 'text/csv', bytes: Buffer.from(scoresCsv(rows, games)) }),
      buttons([
        open
          ? button(scoresActions.id('close'), 'Close this season', { style: 'danger' })
          : button(scoresActions.id('open'), 'Open a season'),
      ]),
      note(plain(`The file holds the standings of ${subject}, without the people who hide.`)),
    ],
  }
}

const view = { game: undefined, since: 'all' }

export async function open(
  context: ActionContext,
  games: readonly string[],
  name: string,
): Promise<Reply<never>> {
  const { store, now } = context.services
  if (!(await openSeason(store, context.place, name, now().getTime())))
    throw new UserError('closed', 'A season is already running; close it first.')
  return adminReply(context, games, view, `Opened: points from now on count for **${plain(name)}** too.`)
}

export async function close(context: ActionContext, games: readonly string[]): Promise<Reply<never>> {
  const { store, now } = context.services
  const closed = await closeSeason(store, context.place, now().getTime())
  if (!closed) throw new UserError('closed', 'No season is running.')
  return adminReply(context, games, view, `**${plain(closed.name)}** is closed; its scores stay as they are.`)
}
