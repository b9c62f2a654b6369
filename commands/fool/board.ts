import { button, buttons, heading, picture, table, text, cardPicture } from '../../src/chat/elements.ts'
import type { Context } from '../../src/chat/context.ts'
import { subcommand } from '../../src/chat/define.ts'
import type { Translate } from '../../src/language.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Button, Element, Reply } from '../../src/chat/reply.ts'
import type { Services } from '../../src/chat/services.ts'
import { type EntryClass, foolActions, writeButton } from './actions.ts'
import { endsAt, shown, shownStandings, type Standings } from './contests.ts'
import { idOf } from '../contest/contest.ts'
import {
  type Contest,
  type ContestEntry,
  type KeptPicture,
  pictures,
  type RankedEntry,
  results,
} from './records.ts'
import { momentHere, type PageOf, pageOf, pager } from '../../src/chat/words.ts'
import { outcome, valueOf } from './words.ts'

const perPage = 8

export const board = subcommand({
  description: (t) => t('fool.board.description'),
  options: {
    page: {
      called: (t) => t('fool.option.page'),
      type: 'integer',
      description: (t) => t('fool.board.page'),
      min: 1,
    },
    photographs: {
      called: (t) => t('fool.option.photographs'),
      type: 'boolean',
      description: (t) => t('fool.board.photographs'),
    },
  },
  async run(context: Context<BoardData>, { page = 1, photographs }) {
    const contest = await shown(context)
    const of = photographs ? 'photograph' : 'edited'
    await context.reply(await boardReply(context.services, context, contest, of, page))
  },
})

/** How the platform shows it, and in which language. */
export type Look = Pick<Context, 'theme' | 't'>

/** One page of a contest's standings in one class. */
export async function boardReply(
  services: Services,
  look: Look,
  contest: Contest,
  of: EntryClass,
  asked: number,
): Promise<Reply<BoardData>> {
  const { store } = services
  const { t } = look
  const standing = await shownStandings(store, contest, t)
  const list = standing[lists[of]]
  const part = pageOf(list, asked, perPage)
  const ended = (await store.get(results, contest.place, idOf(contest)))?.ended
  const at = ended ?? (await endsAt(store, contest))
  const when = t(ended === undefined ? 'fool.board.ends' : 'fool.board.ended', { when: momentHere(at, t) })
  return {
    elements: [
      ...(list.length === 0
        ? nobody(contest, of, when, t)
        : [await boardPicture(services, look, { contest, of, list, part }), text(when)]),
      buttons(buttonsFor({ contest, standing, of, part, over: ended !== undefined }, t)),
    ],
    data: boardData(contest, standing, ended),
  }
}

const lists = { edited: 'edits', photograph: 'photographs' } as const

function nobody({ target }: Contest, of: EntryClass, when: string, t: Translate): Element[] {
  return [
    heading(t('fool.board.title', { target: plain(target) })),
    text(`${t(`fool.board.none.${of}`)} ${when}`),
  ]
}

async function boardPicture(
  services: Services,
  { theme, t }: Look,
  {
    contest,
    of,
    list,
    part,
  }: {
    readonly contest: Contest
    readonly of: EntryClass
    readonly list: readonly RankedEntry[]
    readonly part: PageOf<RankedEntry>
  },
): Promise<Element> {
  const { catalogue, cards } = services
  const { shown, page, pages } = part
  const kept = await Promise.all(shown.map(({ id }) => keptPicture(services, contest, id)))
  const card = await cards.draw('board', {
    title: t('fool.board.title', { target: contest.target }),
    subject: t(`fool.board.classes.${of}`),
    standings: shown.map((ranked, n) => ({
      place: ranked.place,
      player: ranked.entry.name,
      thumbnail: kept[n]?.bytes,
      value: valueOf(ranked.entry, t),
      share: shareOf(ranked, list),
      detail: outcome(contest.target, ranked.entry, t),
    })),
    page,
    pages,
    note: catalogue.modelTitle,
    theme,
    language: t.language,
  })
  return picture(
    cardPicture(
      card,
      'board',
      kept.some((picture) => picture?.spoiler),
    ),
    {
      instead: [
        heading(t(`fool.board.heading.${of}`, { target: plain(contest.target) })),
        table(
          (['place', 'player', 'score', 'outcome'] as const).map((column) =>
            t(`fool.board.column.${column}`),
          ),
          shown.map(({ place, entry }) => [
            String(place),
            entry.name,
            valueOf(entry, t),
            outcome(contest.target, entry, t),
          ]),
        ),
      ],
    },
  )
}

/** An entry's picture; undefined if it was deleted. */
export const keptPicture = (
  { store }: Services,
  contest: Contest,
  id: string,
): Promise<KeptPicture | undefined> => store.get(pictures, contest.place, idOf(contest, id))

/** Long bars are good ones: the least ink has the longest. */
function shareOf({ entry: { verdict } }: RankedEntry, list: readonly RankedEntry[]): number {
  if (!verdict.fools || verdict.kind === 'photograph') return verdict.probability
  const inks = list.flatMap(({ entry }) =>
    entry.verdict.fools && entry.verdict.kind === 'edited' ? [entry.verdict.ink] : [],
  )
  return Math.min(...inks) / verdict.ink
}

interface ShownPage {
  readonly contest: Contest
  readonly standing: Standings
  readonly of: EntryClass
  readonly part: PageOf<RankedEntry>
  readonly over: boolean
}

function buttonsFor({ contest: { number }, standing, of, part, over }: ShownPage, t: Translate): Button[] {
  const other: EntryClass = of === 'edited' ? 'photograph' : 'edited'
  const [first] = standing[lists[of]]
  const buttons = pager(part, (page) => foolActions.id('page', number, of, page), t)
  if (standing[lists[other]].length > 0)
    buttons.push(button(foolActions.id('page', number, other, 1), t(`fool.board.classes.${other}`)))
  if (first) {
    const label = first.entry.verdict.fools ? 'fool.button.first' : 'fool.button.firstNot'
    buttons.push(button(foolActions.id('why', number, first.id), t(label)))
  }
  if (!over) buttons.push(writeButton({ number }, t))
  return buttons
}

/** What was measured about an entry, for programs. */
export type ScoreData = ReturnType<typeof scoreOf>

export const scoreOf = ({ verdict, mirrored, blurred, provider }: ContestEntry) => ({
  class: verdict.kind,
  fools: verdict.fools,
  shortfall: verdict.shortfall ?? null,
  probability: verdict.probability,
  ink: verdict.kind === 'edited' ? verdict.ink : null,
  mirrored,
  blurred,
  provider,
})

const rowsOf = (list: readonly RankedEntry[]) =>
  list.map(({ place, id, points, entry }) => ({
    place,
    entry: id,
    player: entry.name,
    ...scoreOf(entry),
    points,
  }))

/** For programs. */
export type BoardData = ReturnType<typeof boardData>

export const boardData = (contest: Contest, standing: Standings, ended: number | undefined) => ({
  contest: contest.number,
  target: contest.target,
  ended: ended === undefined ? null : new Date(ended).toISOString(),
  edits: rowsOf(standing.edits),
  photographs: rowsOf(standing.photographs),
})

/** For lists of choices: "1 · Ada · 3.2 % ink". */
export function rankedLabel({ place, entry }: RankedEntry, t: Translate): string {
  const { kind, fools } = entry.verdict
  const said = { place, name: entry.name, value: valueOf(entry, t) }
  return fools ? t(`fool.ranked.${kind}`, said) : t(`fool.ranked.${kind}Short`, said)
}
