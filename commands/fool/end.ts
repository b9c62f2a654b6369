import { actionId } from '../../src/chat/action-id.ts'
import type { Invocation } from '../../src/chat/command.ts'
import { settingsOf } from '../../src/chat/community.ts'
import type { Context } from '../../src/chat/context.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Element, Reply } from '../../src/chat/reply.ts'
import type { Services } from '../../src/chat/services.ts'
import { UserError } from '../../src/errors.ts'
import { boardData, boardReply, thumbnailOf } from './board.ts'
import { entriesOf, keptAfterEndMs, settle, shown } from './contests.ts'
import {
  attempts,
  claims,
  type Contest,
  type ContestResult,
  idOf,
  openContests,
  pictures,
  type RankedEntry,
  results,
  scores,
} from './records.ts'
import { moment, outcome, valueOf } from './words.ts'

/** Whoever dies while announcing leaves it to the next after so long. */
const claimMs = 120_000
const sheetSize = 9
const unitsNamed = 3

export const end = {
  description: 'End the contest: winners, the best entries, points',
  async run(context) {
    const { services, person, theme } = context
    const contest = await shown(context)
    mayManage(context, contest)
    if (await services.store.get(results, contest.place, idOf(contest)))
      throw new UserError('closed', 'This contest is over already; see /fool board.')
    const result = await settle(services, contest, { id: person.id, name: person.name })
    const told = await finish(services, contest, result, 'reply', async () => {
      await context.reply(await announcement(services, theme, contest, result))
    })
    if (!told) await context.reply(await boardReply(services, theme, contest, 'edit', 1))
  },
} satisfies Invocation

/** @throws UserError 'not-allowed' for whoever neither opened the contest nor moderates. */
export function mayManage({ person }: Context, contest: Contest): void {
  if (!person.moderator && person.id !== contest.opener.id)
    throw new UserError(
      'not-allowed',
      `Only moderators and ${contest.opener.name}, who opened it, can do this.`,
    )
}

/**
 * What follows an end, once: points, the announcement, pictures that go after a week. Whatever of it was done before
 * a crash is not done twice.
 * @param how 'reply' answers who ended it, 'post' goes to the channel by itself
 * @returns whether this call showed the end
 */
export async function finish(
  { store, now }: Services,
  contest: Contest,
  result: ContestResult,
  how: 'post' | 'reply',
  show: () => Promise<void>,
): Promise<boolean> {
  const { place } = contest
  const at = now().getTime()
  if (!(await store.insertIfAbsent(claims, place, idOf(contest), { at }, claimMs))) return false
  for (const { id, points, entry } of [...result.edits, ...result.photographs])
    if (points > 0)
      await store.insertIfAbsent(scores, place, ['fool', ...idOf(contest), id], {
        game: 'fool',
        person: entry.person,
        name: entry.name,
        points,
        at: result.ended,
      })
  const first = await store.insertIfAbsent(attempts, place, idOf(contest), { at, how })
  if (first) await show()
  for (const { id, value } of await store.list(pictures, place, idOf(contest)))
    await store.set(pictures, place, id, value, Math.max(1, result.ended + keptAfterEndMs - now().getTime()))
  await store.delete(openContests, place, idOf(contest))
  return first
}

/** The winners, the board, the sheet of the best entries. */
export async function announcement(
  services: Services,
  theme: Context['theme'],
  contest: Contest,
  result: ContestResult,
): Promise<Reply> {
  const { edits, photographs } = result
  const winners = [...edits.slice(0, 1), ...photographs.slice(0, 1)].filter(({ entry }) => entry.fools)
  const lines = await Promise.all(winners.map((winner) => winnerLine(services, contest, winner)))
  const count = (await entriesOf(services.store, contest)).length
  const who = new Set([...edits, ...photographs].map(({ entry }) => entry.person)).size
  const text =
    winners.length > 0
      ? lines.join('\n')
      : who === 0
        ? 'Nobody entered.'
        : `Nobody made the model see “${plain(contest.target)}”: it stays unfooled.`
  const elements: Element[] = [
    { kind: 'heading', text: `The contest is over: who made it see “${plain(contest.target)}”?` },
    { kind: 'text', text },
  ]
  if (who > 0) {
    const board = await boardReply(services, theme, contest, edits.length > 0 ? 'edit' : 'photograph', 1)
    elements.push(
      ...board.elements.filter(({ kind }) => kind === 'picture'),
      ...(await sheet(services, theme, contest, result)),
    )
    elements.push({ kind: 'buttons', buttons: buttonsOf(contest, winners) })
  }
  const by = result.by ? `Ended by ${plain(result.by.name)}, ` : 'Its time was up, '
  elements.push({
    kind: 'note',
    text: `${by}${moment(result.ended)}. ${count} ${count === 1 ? 'entry' : 'entries'} by ${who} ${who === 1 ? 'player' : 'players'}. The pictures are deleted after a week. Model: ${plain(services.catalogue.modelTitle)}`,
  })
  return { elements, data: boardData(contest, result, result.ended) }
}

/** "Ada wins with 3.2 % ink: the writing switched on money (unit 12), …" */
async function winnerLine(
  { catalogue, store }: Services,
  contest: Contest,
  { entry, points }: RankedEntry,
): Promise<string> {
  const { sensitive } = await settingsOf(store, contest.place)
  const units = entry.on
    .map(({ unit, change }) => ({ change, unit, named: catalogue.units.find((one) => one.unit === unit) }))
    .filter(({ named }) => sensitive || !named?.sensitive)
    .slice(0, unitsNamed)
    .map(
      ({ unit, change, named }) =>
        `${named ? `${plain(named.name)} (unit ${unit})` : `unit ${unit}`} +${change.toFixed(1)} σ`,
    )
  const among = entry.class === 'photograph' ? ' among the photographs' : ''
  return `**${plain(entry.name)}** wins${among}: ${valueOf(entry)}, ${points} points. The writing switched on ${units.join(', ')}.`
}

async function sheet(
  services: Services,
  theme: Context['theme'],
  contest: Contest,
  { edits, photographs }: ContestResult,
): Promise<Element[]> {
  const best = [...edits, ...photographs].slice(0, sheetSize)
  const cells = await Promise.all(
    best.map(async ({ id, place, entry }) => {
      const picture = await thumbnailOf(services, contest, id)
      const caption = `${place}. ${entry.name}`
      return picture ? [{ picture, caption, detail: valueOf(entry) }] : []
    }),
  )
  const shown = cells.flat()
  if (shown.length === 0) return []
  const note = services.catalogue.modelTitle
  const card = await services.cards.draw('sheet', { title: 'The best entries', cells: shown, note, theme })
  return [
    {
      kind: 'picture',
      picture: { ...card, name: 'best.jpg' },
      instead: [
        {
          kind: 'text',
          text: best
            .map(({ place, entry }) => `${place}. ${plain(entry.name)}: ${outcome(contest.target, entry)}`)
            .join('\n'),
        },
      ],
    },
  ]
}

const buttonsOf = ({ number }: Contest, winners: readonly RankedEntry[]) => [
  ...winners.map(({ id, entry }) => ({
    id: actionId('fool', 'why', number, id),
    label: `Why ${entry.name}’s worked`,
  })),
  { id: actionId('fool', 'board', number, 'edit', 1), label: 'Standings' },
]
