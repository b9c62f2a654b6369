import { text } from '../../src/chat/elements.ts'
import type { CompletionContext, Context } from '../../src/chat/context.ts'
import { subcommand } from '../../src/chat/define.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Choice } from '../../src/chat/choice.ts'
import { UserError } from '../../src/errors.ts'
import type { Translate } from '../../src/language.ts'
import { longestMs, parseDuration } from '../../src/games/ends.ts'
import { shortened } from '../../src/text.ts'
import { rankedLabel } from './board.ts'
import { endsAt, entriesOf, latest, remove, running, shown, standingsOf } from './contests.ts'
import { idOf, mustManage } from '../contest/contest.ts'
import { extensions } from './records.ts'
import { momentHere } from '../../src/chat/words.ts'
import { outcome, valueOf } from './words.ts'

const lengths = (t: Translate): Choice[] => [
  { value: '30 minutes', label: t('words.minutes', { count: 30 }) },
  { value: '2 hours', label: t('words.hours', { count: 2 }) },
  { value: '1 day', label: t('words.days', { count: 1 }) },
]

/** For programs. */
interface ExtendedData {
  readonly contest: number
  /** ISO 8601. */
  readonly ends: string
}

export const extend = subcommand({
  description: (t) => t('fool.extend.description'),
  options: {
    by: {
      called: (t) => t('fool.option.by'),
      type: 'text',
      description: (t) => t('fool.extend.by'),
      required: true,
      complete: async ({ t }) => lengths(t),
    },
  },
  async run(context: Context<ExtendedData>, { by }) {
    const { store, now } = context.services
    const contest = await running(context)
    mustManage(context, contest.opener)
    const at = now().getTime()
    const ends = (await endsAt(store, contest)) + parseDuration(by)
    if (ends - at > longestMs) throw new UserError('bad-option', 'fool.extend.tooLong')
    // Every extension is a record of its own, and the latest end counts: two at once do not undo each other.
    const extension = { at, ends, by: context.person.id }
    await store.set(extensions, contest.place, idOf(contest, String(at), context.person.id), extension)
    await context.reply({
      elements: [text(context.t('fool.extend.done', { when: momentHere(ends, context.t) }))],
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
  description: (t) => t('fool.withdraw.description'),
  visibility: 'person',
  options: {
    entry: {
      called: (t) => t('fool.option.entry'),
      type: 'text',
      description: (t) => t('fool.withdraw.entry'),
      complete: ownEntries,
    },
  },
  async run(context: Context<WithdrawnData>, { entry: chosen }) {
    const { t } = context
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
      throw new UserError('not-found', own.length === 0 ? 'fool.withdraw.none' : 'fool.withdraw.notYours')
    await remove(store, contest, found.id)
    const left = own.length - 1
    await context.reply({
      elements: [
        text(
          [
            t('fool.withdraw.done', { value: valueOf(found.entry, t) }),
            left === 0 ? t('fool.withdraw.noOther') : t('fool.withdraw.left', { count: left }),
          ].join(' '),
        ),
      ],
      data: { contest: contest.number, withdrawn: found.id, left },
    })
  },
})

async function ownEntries(
  { services, place, person, t }: CompletionContext,
  typed: string,
): Promise<Choice[]> {
  const contest = await latest(services.store, place)
  if (!contest) return []
  return (await entriesOf(services.store, contest))
    .filter(({ entry }) => entry.person === person.id)
    .map(({ id, entry }) => ({
      value: id,
      label: t('fool.choice', { value: valueOf(entry, t), outcome: outcome(contest.target, entry, t) }),
    }))
    .filter(({ label }) => label.includes(typed))
}

/** For programs. */
interface RemovedData {
  readonly contest: number
  readonly removed: string
}

export const removeEntry = subcommand({
  description: (t) => t('fool.remove.description'),
  moderators: true,
  visibility: 'person',
  options: {
    entry: {
      called: (t) => t('fool.option.entry'),
      type: 'text',
      description: (t) => t('fool.remove.entry'),
      required: true,
      complete: rankedChoices,
    },
  },
  async run(context: Context<RemovedData>, { entry: id }) {
    const { store } = context.services
    const contest = await shown(context)
    const { edits, photographs } = await standingsOf(store, contest)
    const found =
      (await entriesOf(store, contest)).find((each) => each.id === id) ??
      [...edits, ...photographs].find((ranked) => String(ranked.place) === id.trim())
    if (!found) throw new UserError('not-found', 'fool.remove.unknown')
    await remove(store, contest, found.id)
    await context.reply({
      elements: [text(context.t('fool.remove.done', { name: plain(found.entry.name) }))],
      data: { contest: contest.number, removed: found.id },
    })
  },
})

async function rankedChoices({ services, place, t }: CompletionContext, typed: string): Promise<Choice[]> {
  const contest = await latest(services.store, place)
  if (!contest) return []
  const { edits, photographs } = await standingsOf(services.store, contest)
  return [...edits, ...photographs]
    .map((ranked) => ({ value: ranked.id, label: shortened(rankedLabel(ranked, t), 100) }))
    .filter(({ label }) => label.toLowerCase().includes(typed.toLowerCase()))
}
