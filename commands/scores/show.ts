import {
  button,
  buttons,
  heading,
  picture,
  select,
  table,
  text,
  cardPicture,
} from '../../src/chat/elements.ts'
import type { Context } from '../../src/chat/context.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Button, Element, Reply } from '../../src/chat/reply.ts'
import { counted, type PageOf, pageOf, pager } from '../../src/chat/words.ts'
import { parseSince } from '../../src/games/scores/seasons.ts'
import { scoreTable, type Row, type Selection } from '../../src/games/scores/table.ts'
import { own } from '../../src/own.ts'
import { scoresActions } from './actions.ts'
import { scoreRecord } from './record.ts'
import { hiddenIn, seasonsOf, type NumberedSeason } from './records.ts'

const perPage = 8
/** Nobody says where they live: everybody's day is the one of Greenwich. */
const zone = 'UTC'

/** Stretches of time that the menu offers beside the seasons. */
const stretches = { today: 'today', week: 'this week', month: 'this month', all: 'all time' } as const

/** What is shown: a game or all; since when, as `parseSince` takes it or "#" and a season's number; a page from 1. */
export interface View {
  readonly game: string | undefined
  readonly since: string
  readonly page: number
}

/** For programs. */
export interface ScoresData {
  /** Which games, and which time. */
  readonly subject: string
  readonly standings: readonly Row[]
}

/** What was typed in the form that fits into a button's id. */
export function sinceOf(typed: string | undefined, seasons: readonly NumberedSeason[]): string {
  const named = seasons.find(({ name }) => name.toLowerCase() === typed?.trim().toLowerCase())
  const season =
    named ?? (typed === undefined ? seasons.find(({ closed }) => closed === undefined) : undefined)
  return season ? `#${season.number}` : (typed ?? 'all')
}

/** @throws UserError 'bad-option' for a time that is not understood. */
function selectionOf(view: Pick<View, 'game' | 'since'>, seasons: readonly NumberedSeason[], now: number) {
  const season = seasons.find(({ number }) => view.since === `#${number}`)
  const span: Selection = season
    ? { from: season.opened, ...(season.closed !== undefined && { until: season.closed }) }
    : parseSince(view.since, { seasons, now, zone })
  const when = season?.name ?? own(stretches, view.since) ?? `since ${view.since}`
  return {
    selection: { ...span, ...(view.game && { game: view.game }) },
    subject: `${view.game ? `/${view.game}` : 'All games'}, ${when}`,
  }
}

/** The standings of a view, without those who hide. */
export async function tableOf(
  { services, place }: Pick<Context, 'services' | 'place'>,
  view: Pick<View, 'game' | 'since'>,
) {
  const { store, now } = services
  const [seasons, hidden, all] = await Promise.all([
    seasonsOf(store, place),
    hiddenIn(store, place),
    store.list(scoreRecord, place, view.game ? [view.game] : []),
  ])
  const { selection, subject } = selectionOf(view, seasons, now().getTime())
  const rows = scoreTable(
    all.map(({ value }) => value),
    selection,
    hidden,
  )
  return { seasons, subject, rows }
}

export async function replyFor(context: Context, view: View): Promise<Reply<ScoresData>> {
  const { services, theme } = context
  const { seasons, subject, rows } = await tableOf(context, view)
  const part = pageOf(rows, view.page, perPage)
  const { shown, page, pages } = part
  const board: Element[] =
    shown.length === 0
      ? [text(`**${plain(subject)}:** nobody has points yet. Play /guess to begin.`)]
      : [await boardOf(shown)]
  return {
    elements: [...board, ...selects(view, seasons), buttons(below(view, part))],
    data: { subject, standings: rows },
  }

  async function boardOf(some: readonly Row[]): Promise<Element> {
    const most = Math.max(1, rows[0]!.points)
    const card = await services.cards.draw('board', {
      title: 'Scores',
      subject,
      standings: some.map(({ place, name, points, byGame }) => ({
        place,
        player: name,
        value: counted(points, 'point'),
        share: Math.max(0, points / most),
        detail: inGames(byGame, ' · '),
      })),
      page,
      pages,
      note: counted(rows.length, 'player'),
      theme,
    })
    return picture(cardPicture(card, 'scores'), { instead: inWords(subject, some) })
  }
}

/** Who leads over all games and all time, for a page about the bot. */
export async function leaders(context: Pick<Context, 'services' | 'place'>): Promise<Element[]> {
  const { subject, rows } = await tableOf(context, { game: undefined, since: 'all' })
  return rows.length > 0 ? inWords(subject, rows.slice(0, perPage)) : []
}

const inWords = (subject: string, rows: readonly Row[]): Element[] => [
  heading(plain(subject)),
  table(
    ['', 'player', 'points', 'games'],
    rows.map(({ place, name, points, byGame }) => [
      String(place),
      name,
      String(points),
      inGames(byGame, ', '),
    ]),
  ),
]

const inGames = (byGame: Row['byGame'], between: string): string =>
  Object.entries(byGame)
    .filter(([, points]) => points !== 0)
    .sort((a, b) => b[1] - a[1])
    .map(([game, points]) => `${game} ${points}`)
    .join(between)

const label = (season: NumberedSeason): string =>
  season.closed === undefined ? `${season.name} (running)` : season.name

/** Arguments: game, since, page. A select's choice comes after them. */
function selects({ game, since }: View, seasons: readonly NumberedSeason[]): Element[] {
  const choices = [
    ...seasons.map((season) => ({ value: `#${season.number}`, label: label(season) })).reverse(),
    ...Object.entries(stretches).map(([value, text]) => ({ value, label: text })),
  ].filter(({ value }) => value !== since)
  return [select(scoresActions.id('since', game), 'Another time', choices)]
}

function below({ game, since }: View, part: PageOf<Row>): Button[] {
  return [
    ...pager(part, (page) => scoresActions.id('page', game, since, page)),
    button(scoresActions.id('hide'), 'Hide me or show me'),
    button(scoresActions.id('admin', game, since), 'For moderators'),
  ]
}
