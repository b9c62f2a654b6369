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
import { type PageOf, pageOf, pager } from '../../src/chat/words.ts'
import { english, type Translate } from '../../src/language.ts'
import { parseSince, stretchOf } from '../../src/games/scores/seasons.ts'
import { scoreTable, type Row, type Selection } from '../../src/games/scores/table.ts'
import { scoresActions } from './actions.ts'
import { scoreRecord } from './record.ts'
import { hiddenIn, seasonsOf, type NumberedSeason } from './records.ts'

const perPage = 8
/** Nobody says where they live, so days are UTC's. */
const zone = 'UTC'

/** Stretches of time that the menu offers besides the seasons. */
export const stretches = ['today', 'week', 'month', 'all'] as const

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

/** What was typed, in a form that fits into a button's id. */
export function sinceOf(typed: string | undefined, seasons: readonly NumberedSeason[]): string {
  const named = seasons.find(({ name }) => name.toLowerCase() === typed?.trim().toLowerCase())
  const season =
    named ?? (typed === undefined ? seasons.find(({ closed }) => closed === undefined) : undefined)
  return season ? `#${season.number}` : (stretchOf(typed ?? 'all') ?? typed!)
}

/** @throws UserError 'bad-option' for a time that is not understood. */
function selectionOf(
  view: Pick<View, 'game' | 'since'>,
  seasons: readonly NumberedSeason[],
  now: number,
): Selection {
  const season = seasons.find(({ number }) => view.since === `#${number}`)
  const span: Selection = season
    ? { from: season.opened, ...(season.closed !== undefined && { until: season.closed }) }
    : parseSince(view.since, { seasons, now, zone })
  return { ...span, ...(view.game && { game: view.game }) }
}

/** Which games, and which time: "All games, this week". */
function subjectOf(
  { game, since }: Pick<View, 'game' | 'since'>,
  seasons: readonly NumberedSeason[],
  t: Translate,
): string {
  const season = seasons.find(({ number }) => since === `#${number}`)
  const stretch = stretches.find((each) => each === since)
  const when =
    season?.name ?? (stretch ? t(`scores.when.${stretch}`) : t('scores.when.since', { typed: since }))
  return game ? t('scores.oneGame', { game, when }) : t('scores.allGames', { when })
}

/** The standings of a view, without those who hide. */
export async function tableOf(
  { services, place, t }: Pick<Context, 'services' | 'place' | 't'>,
  view: Pick<View, 'game' | 'since'>,
) {
  const { store, now } = services
  const [seasons, hidden, all] = await Promise.all([
    seasonsOf(store, place),
    hiddenIn(store, place),
    store.list(scoreRecord, place, view.game ? [view.game] : []),
  ])
  const rows = scoreTable(
    all.map(({ value }) => value),
    selectionOf(view, seasons, now().getTime()),
    hidden,
  )
  return { seasons, subject: subjectOf(view, seasons, t), rows }
}

export async function replyFor(context: Context, view: View): Promise<Reply<ScoresData>> {
  const { services, theme, t } = context
  const { seasons, subject, rows } = await tableOf(context, view)
  const part = pageOf(rows, view.page, perPage)
  const { shown, page, pages } = part
  const board: Element[] =
    shown.length === 0 ? [text(t('scores.nobody', { subject: plain(subject) }))] : [await boardOf(shown)]
  return {
    elements: [...board, ...selects(view, seasons, t), buttons(below(view, part, t))],
    data: { subject: subjectOf(view, seasons, english), standings: rows },
  }

  async function boardOf(some: readonly Row[]): Promise<Element> {
    const most = Math.max(1, rows[0]!.points)
    const card = await services.cards.draw('board', {
      title: t('scores.title'),
      subject,
      standings: some.map(({ place, name, points, byGame }) => ({
        place,
        player: name,
        value: t('scores.points', { count: points }),
        share: Math.max(0, points / most),
        detail: inGames(byGame, ' · '),
      })),
      page,
      pages,
      note: t('scores.players', { count: rows.length }),
      theme,
      language: t.language,
    })
    return picture(cardPicture(card, 'scores'), { instead: inWords(subject, some, t) })
  }
}

/** Who leads over all games and all time, for a page about the bot. */
export async function leaders(context: Pick<Context, 'services' | 'place' | 't'>): Promise<Element[]> {
  const { subject, rows } = await tableOf(context, { game: undefined, since: 'all' })
  return rows.length > 0 ? inWords(subject, rows.slice(0, perPage), context.t) : []
}

const inWords = (subject: string, rows: readonly Row[], t: Translate): Element[] => [
  heading(plain(subject)),
  table(
    ['', t('scores.columns.player'), t('scores.columns.points'), t('scores.columns.games')],
    rows.map(({ place, name, points, byGame }) => [
      String(place),
      name,
      points.toLocaleString(t.language),
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

const label = ({ name, closed }: NumberedSeason, t: Translate): string =>
  closed === undefined ? t('scores.running', { name }) : name

/** Arguments: game, since, page. A select's choice comes after them. */
function selects({ game, since }: View, seasons: readonly NumberedSeason[], t: Translate): Element[] {
  const choices = [
    ...seasons.map((season) => ({ value: `#${season.number}`, label: label(season, t) })).reverse(),
    ...stretches.map((value) => ({ value, label: t(`scores.when.${value}`) })),
  ].filter(({ value }) => value !== since)
  return [select(scoresActions.id('since', game), t('scores.another'), choices)]
}

function below({ game, since }: View, part: PageOf<Row>, t: Translate): Button[] {
  return [
    ...pager(part, (page) => scoresActions.id('page', game, since, page), t),
    button(scoresActions.id('hide'), t('scores.toHide')),
    button(scoresActions.id('admin', game, since), t('scores.admin')),
  ]
}
