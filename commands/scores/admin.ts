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

/** What moderators can do with the scores: download them as a table, open and close seasons. */
export async function adminReply(
  context: ActionContext,
  games: readonly string[],
  view: Pick<View, 'game' | 'since'>,
  said?: string,
): Promise<Reply<never>> {
  const { t } = context
  const { seasons, rows, subject } = await tableOf(context, view)
  const open = currentSeason(seasons)
  return {
    elements: [
      ...(said ? [text(said)] : []),
      text(open ? t('scores.season.running', { name: plain(open.name) }) : t('scores.season.none')),
      file({ name: 'scores.csv', mimeType: 'text/csv', bytes: Buffer.from(scoresCsv(rows, games)) }),
      buttons([
        open
          ? button(scoresActions.id('close'), t('scores.season.close'), { style: 'danger' })
          : button(scoresActions.id('open'), t('scores.season.open')),
      ]),
      note(plain(t('scores.file', { subject }))),
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
    throw new UserError('closed', 'scores.season.another')
  return adminReply(context, games, view, context.t('scores.season.opened', { name: plain(name) }))
}

export async function close(context: ActionContext, games: readonly string[]): Promise<Reply<never>> {
  const { store, now } = context.services
  const closed = await closeSeason(store, context.place, now().getTime())
  if (!closed) throw new UserError('closed', 'scores.season.noneToClose')
  return adminReply(context, games, view, context.t('scores.season.closed', { name: plain(closed.name) }))
}
