import { button, buttons, heading, note, picture, text, cardPicture } from '../../src/chat/elements.ts'
import { settingsOf } from '../../src/chat/community.ts'
import type { Context } from '../../src/chat/context.ts'
import { subcommand } from '../../src/chat/define.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Element, Reply } from '../../src/chat/reply.ts'
import type { Services } from '../../src/chat/services.ts'
import type { Translate } from '../../src/language.ts'
import { UserError } from '../../src/errors.ts'
import { postRecord } from '../contest/post-once.ts'
import { addScore } from '../scores/record.ts'
import { hiddenIn } from '../scores/records.ts'
import { foolActions } from './actions.ts'
import { type BoardData, boardData, boardReply, keptPicture, type Look } from './board.ts'
import { entriesOf, keptAfterEndMs, settle, shown, withoutHidden } from './contests.ts'
import { announcementKey, idOf, mustManage } from '../contest/contest.ts'
import {
  type Contest,
  type ContestResult,
  openContests,
  pictures,
  type RankedEntry,
  results,
} from './records.ts'
import { inSigma, momentHere } from '../../src/chat/words.ts'
import { nameOf, outcome, unitInWords, valueOf } from './words.ts'

const sheetSize = 9
const unitsNamed = 3

export const end = subcommand({
  description: (t) => t('fool.end.description'),
  async run(context: Context<BoardData>) {
    const { services, person } = context
    const contest = await shown(context)
    mustManage(context, contest.opener)
    if (await services.store.get(results, contest.place, idOf(contest)))
      throw new UserError('closed', 'fool.overAlready')
    const result = await settle(services, contest, { id: person.id, name: person.name })
    // Recorded as posted before it is: if this process dies now, the end is not shown, but never shown twice.
    const mine = await services.store.insertIfAbsent(
      postRecord,
      contest.place,
      announcementKey('fool', contest),
      {
        outcome: 'posted',
        at: services.now().getTime(),
      },
    )
    await finish(services, contest, result)
    await context.reply(
      mine
        ? await announcement(services, context, contest, result)
        : await boardReply(services, context, contest, 'edited', 1),
    )
  },
})

/** What follows an end besides its announcement; doing it again changes nothing. */
export async function finish(
  { store, now }: Services,
  contest: Contest,
  result: ContestResult,
): Promise<void> {
  const { place, target } = contest
  const points = new Map<string, { name: string; points: number }>()
  for (const { entry, points: won } of [...result.edits, ...result.photographs])
    points.set(entry.person, { name: entry.name, points: won + (points.get(entry.person)?.points ?? 0) })
  for (const [person, won] of points)
    if (won.points > 0)
      await addScore(store, place, idOf(contest).join('/'), {
        game: 'fool',
        person,
        ...won,
        at: result.ended,
        detail: target,
      })
  for (const { id, value } of await store.list(pictures, place, idOf(contest)))
    await store.set(pictures, place, id, value, Math.max(1, result.ended + keptAfterEndMs - now().getTime()))
  await store.delete(openContests, place, idOf(contest))
}

/** The winners, the board, the sheet of the best entries. */
export async function announcement(
  services: Services,
  look: Look,
  contest: Contest,
  settled: ContestResult,
): Promise<Reply<BoardData>> {
  const { t } = look
  const target = plain(contest.target)
  const result = withoutHidden(settled, await hiddenIn(services.store, contest.place), t)
  const { edits, photographs } = result
  const winners = [...edits.slice(0, 1), ...photographs.slice(0, 1)].filter(
    ({ entry }) => entry.verdict.fools,
  )
  const lines = await Promise.all(winners.map((winner) => winnerLine(services, contest, winner, t)))
  const count = (await entriesOf(services.store, contest)).length
  const who = new Set([...edits, ...photographs].map(({ entry }) => entry.person)).size
  const outcomes =
    winners.length > 0
      ? lines.join('\n')
      : who === 0
        ? t('fool.end.nobodyEntered')
        : t('fool.end.unfooled', { target })
  const elements: Element[] = [heading(t('fool.end.heading', { target })), text(outcomes)]
  if (who > 0) {
    const board = await boardReply(services, look, contest, edits.length > 0 ? 'edited' : 'photograph', 1)
    elements.push(
      ...board.elements.filter(({ kind }) => kind === 'picture'),
      ...(await sheet(services, look, contest, result)),
    )
    elements.push(buttons(buttonsOf(contest, winners, t)))
  }
  const when = momentHere(result.ended, t)
  const ended = result.by
    ? t('fool.end.by', { name: plain(nameOf(result.by, t)), when })
    : t('fool.end.timeUp', { when })
  const entries = t('fool.end.entries', { count })
  elements.push(
    note(
      [
        ended,
        ...(who > 0 ? [t('fool.end.players', { entries, count: who })] : []),
        t('fool.end.kept', { model: plain(services.catalogue.modelTitle) }),
      ].join(' '),
    ),
  )
  return { elements, data: boardData(contest, result, result.ended) }
}

/** "Ada wins with 3.2 % ink: the writing switched on money (unit 12), …" */
async function winnerLine(
  { catalogue, store }: Services,
  contest: Contest,
  { entry, points }: RankedEntry,
  t: Translate,
): Promise<string> {
  const { sensitive } = await settingsOf(store, contest.place)
  const units = entry.on
    .map(({ unit, change }) => ({ change, unit, named: catalogue.unit(unit) }))
    .filter(({ named }) => sensitive || !named?.sensitive)
    .slice(0, unitsNamed)
    .map(
      ({ unit, change, named }) =>
        `${unitInWords(unit, named && plain(named.name), t)} ${inSigma(change, true, t)}`,
    )
  const { kind } = entry.verdict
  return t(`fool.end.winner.${kind}`, {
    name: plain(entry.name),
    value: valueOf(entry, t),
    count: points,
    units: units.join(', '),
  })
}

async function sheet(
  services: Services,
  { theme, t }: Look,
  contest: Contest,
  { edits, photographs }: ContestResult,
): Promise<Element[]> {
  const best = [...edits, ...photographs].slice(0, sheetSize)
  const cells = await Promise.all(
    best.map(async ({ id, place, entry }) => {
      const kept = await keptPicture(services, contest, id)
      const caption = `${place}. ${entry.name}`
      return kept ? [{ kept, caption, detail: valueOf(entry, t) }] : []
    }),
  )
  const shown = cells.flat()
  if (shown.length === 0) return []
  const note = services.catalogue.modelTitle
  const card = await services.cards.draw('sheet', {
    title: t('fool.end.best'),
    cells: shown.map(({ kept, ...cell }) => ({ ...cell, picture: kept.bytes })),
    note,
    theme,
    language: t.language,
  })
  return [
    picture(
      cardPicture(
        card,
        'best',
        shown.some(({ kept }) => kept.spoiler),
      ),
      {
        instead: [
          text(
            best
              .map(
                ({ place, entry }) => `${place}. ${plain(entry.name)}: ${outcome(contest.target, entry, t)}`,
              )
              .join('\n'),
          ),
        ],
      },
    ),
  ]
}

const buttonsOf = ({ number }: Contest, winners: readonly RankedEntry[], t: Translate) => [
  ...winners.map(({ id, entry }) =>
    button(foolActions.id('why', number, id), t('fool.button.winner', { name: entry.name })),
  ),
  button(foolActions.id('board', number, 'edited', 1), t('fool.button.standings')),
]
