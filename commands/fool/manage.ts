import { heading, table, text } from '../../src/chat/elements.ts'
import type { ActionContext, CompletionContext, Context } from '../../src/chat/context.ts'
import { subcommand } from '../../src/chat/define.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Choice } from '../../src/chat/choice.ts'
import { choicesOf } from '../../src/chat/options.ts'
import { UserError } from '../../src/errors.ts'
import { longestMs, parseDuration } from '../../src/games/ends.ts'
import { shortened } from '../../src/text.ts'
import { rankedLabel, type ScoreData, scoreOf } from './board.ts'
import {
  endsAt,
  entriesOf,
  latest,
  numbered,
  pictureOf,
  remove,
  running,
  shown,
  standingsOf,
  withoutHidden,
} from './contests.ts'
import { lookAtClean, lookAtPosted } from './judge.ts'
import { type EnteredData, entryReply, titleFor } from './entry-reply.ts'
import { idOf, mustManage } from '../contest/contest.ts'
import { hiddenIn } from '../scores/records.ts'
import { type Contest, type ContestResult, contests, extensions, results } from './records.ts'
import { explain } from './why.ts'
import { moment } from '../../src/chat/words.ts'
import { outcome, valueOf } from './words.ts'

const historyLength = 10

/** For programs. */
interface ExtendedData {
  readonly contest: number
  /** ISO 8601. */
  readonly ends: string
}

export const extend = subcommand({
  description: 'Let the contest run longer',
  options: {
    by: {
      type: 'text',
      description: 'How much longer: 30 minutes, 2 hours, 1 day',
      required: true,
      complete: async () => choicesOf(['30 minutes', '2 hours', '1 day']),
    },
  },
  async run(context: Context<ExtendedData>, { by }) {
    const { store, now } = context.services
    const contest = await running(context)
    mustManage(context, contest.opener)
    const at = now().getTime()
    const ends = (await endsAt(store, contest)) + parseDuration(by)
    if (ends - at > longestMs)
      throw new UserError('bad-option', 'A contest can run for at most 30 days from now.')
    // Every extension is a record of its own, and the latest holds: two at once do not undo each other.
    const extension = { at, ends, by: context.person.id }
    await store.set(extensions, contest.place, idOf(contest, String(at), context.person.id), extension)
    await context.reply({
      elements: [text(`The contest now ends ${moment(ends)}.`)],
      data: { contest: contest.number, ends: new Date(ends).toISOString() },
    })
  },
})

/** For programs. */
interface WithdrawnData {
  readonly contest: number
  readonly withdrawn: string
  /** How many entries the person still has. */
  readonly left: number
}

export const withdraw = subcommand({
  description: 'Take back an entry of yours: the best one, or another',
  visibility: 'person',
  options: { entry: { type: 'text', description: 'Which entry, if not your best', complete: ownEntries } },
  async run(context: Context<WithdrawnData>, { entry: chosen }) {
    const { store } = context.services
    const contest = await running(context)
    const own = (await entriesOf(store, contest)).filter(({ entry }) => entry.person === context.person.id)
    const standing = await standingsOf(store, contest)
    const best = [...standing.edits, ...standing.photographs].find(
      ({ entry }) => entry.person === context.person.id,
    )
    const wanted = chosen ?? best?.id
    const found = own.find(({ id }) => id === wanted)
    if (!found)
      throw new UserError(
        'not-found',
        own.length === 0
          ? 'You have not entered this contest.'
          : 'That isn’t your entry; leave "entry" out to take back your best one.',
      )
    await remove(store, contest, found.id)
    const left = own.length - 1
    await context.reply({
      elements: [
        text(
          `I took back your entry (${valueOf(found.entry)}) and deleted its picture. ${left === 0 ? 'You have no other.' : `You have ${left} left; the best one counts.`}`,
        ),
      ],
      data: { contest: contest.number, withdrawn: found.id, left },
    })
  },
})

async function ownEntries({ services, place, person }: CompletionContext, typed: string): Promise<Choice[]> {
  const contest = await latest(services.store, place)
  if (!contest) return []
  return (await entriesOf(services.store, contest))
    .filter(({ entry }) => entry.person === person.id)
    .map(({ id, entry }) => ({ value: id, label: `${valueOf(entry)}: ${outcome(contest.target, entry)}` }))
    .filter(({ label }) => label.includes(typed))
}

/** For programs. */
interface RemovedData {
  readonly contest: number
  readonly removed: string
}

export const removeEntry = subcommand({
  description: 'Remove an entry and its picture',
  moderators: true,
  visibility: 'person',
  options: { entry: { type: 'text', description: 'Which entry', required: true, complete: rankedChoices } },
  async run(context: Context<RemovedData>, { entry: id }) {
    const { store } = context.services
    const contest = await shown(context)
    const found = (await entriesOf(store, contest)).find((each) => each.id === id)
    if (!found) throw new UserError('not-found', 'I can’t find that entry; choose one of the suggestions.')
    await remove(store, contest, id)
    await context.reply({
      elements: [text(`I removed the entry of ${plain(found.entry.name)} and deleted its picture.`)],
      data: { contest: contest.number, removed: id },
    })
  },
})

async function rankedChoices({ services, place }: CompletionContext, typed: string): Promise<Choice[]> {
  const contest = await latest(services.store, place)
  if (!contest) return []
  return (await entriesOf(services.store, contest))
    .map(({ id, entry }, i) => ({
      value: id,
      label: shortened(rankedLabel({ place: i + 1, id, points: 0, entry }), 100),
    }))
    .filter(({ label }) => label.toLowerCase().includes(typed.toLowerCase()))
}

const winnerOf = (list: ContestResult['edits']) => list.find(({ entry }) => entry.verdict.fools)

/** For programs. */
type HistoryData = readonly {
  readonly contest: number
  readonly target: string
  /** ISO 8601. */
  readonly ended: string
  readonly standings: readonly (ScoreData & {
    readonly place: number
    readonly player: string
    readonly points: number
  })[]
}[]

export const history = subcommand({
  description: 'Past contests of this channel: names and scores',
  async run(context: Context<HistoryData>) {
    const { store } = context.services
    const { place } = context
    const hidden = await hiddenIn(store, place)
    const past: { contest: Contest; result: ContestResult }[] = []
    for (const { value: contest } of (await store.list(contests, place, [place.channel])).reverse()) {
      const result = await store.get(results, place, idOf(contest))
      if (result) past.push({ contest, result: withoutHidden(result, hidden) })
      if (past.length === historyLength) break
    }
    if (past.length === 0) throw new UserError('not-found', 'No contest has ended in this channel yet.')
    await context.reply({
      elements: [
        heading('Past contests'),
        table(
          ['ended', 'target', 'winner', 'score', 'players'],
          past.map(({ contest, result }) => {
            const first = winnerOf(result.edits) ?? winnerOf(result.photographs)
            const players = new Set([...result.edits, ...result.photographs].map(({ entry }) => entry.person))
              .size
            return [
              moment(result.ended),
              contest.target,
              first?.entry.name ?? 'nobody',
              first ? valueOf(first.entry) : '',
              String(players),
            ]
          }),
        ),
      ],
      data: past.map(({ contest, result }) => ({
        contest: contest.number,
        target: contest.target,
        ended: new Date(result.ended).toISOString(),
        standings: [...result.edits, ...result.photographs].map(({ place: rank, points, entry }) => ({
          place: rank,
          player: entry.name,
          ...scoreOf(entry),
          points,
        })),
      })),
    })
  },
})

/** "Why it worked", of any entry on a board. */
export async function why(context: ActionContext<EnteredData>, number: number, id: string): Promise<void> {
  const contest = await numbered(context, number)
  const { edits, photographs } = await standingsOf(context.services.store, contest)
  const ranked = [...edits, ...photographs].find((each) => each.id === id)
  if (!ranked) throw new UserError('not-found', 'This entry was taken back or removed.')
  const { entry } = ranked
  const picture = await pictureOf(context.services.store, contest, id)
  const clean = await lookAtClean(context, contest)
  const posted = await lookAtPosted(context, contest, picture.bytes)
  const explanation = await explain(context, contest, {
    clean,
    posted,
    entry,
    title: titleFor(contest, entry),
    spoiler: picture.spoiler,
  })
  const of = (entry.verdict.kind === 'edited' ? edits : photographs).length
  await context.reply(entryReply(context, contest, { id, entry }, explanation, { ...ranked, of }))
}
