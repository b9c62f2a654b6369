import { button, buttons, gallery, heading, note, text } from '../../src/chat/elements.ts'
import { communityLanguage, settingsOf } from '../../src/chat/community.ts'
import { translator, type Translate } from '../../src/language.ts'
import type { Place, PlatformName } from '../../src/chat/place.ts'
import { plain } from '../../src/chat/markup.ts'
import type { MinuteTask } from '../../src/chat/minute-task.ts'
import type { Element, Reply } from '../../src/chat/reply.ts'
import type { Services } from '../../src/chat/services.ts'
import { UserError } from '../../src/errors.ts'
import { due, nextPost, type Occurrence } from '../../src/games/spotlight/due.ts'
import type { Scope } from '../../src/store/store.ts'
import { isSettled, postOnce, postRecord, settleLate } from '../contest/post-once.ts'
import { spotlightActions } from './actions.ts'
import { preparedFor, type Prepared } from './prepare.ts'
import {
  answerRecord,
  askedRecord,
  dayRecord,
  pauseRecord,
  scheduleRecord,
  type ScheduleRecord,
} from './records.ts'
import { askingFacets } from '../question/looks.ts'

/** Pictures are drawn this long before they are posted: at least an hour, and time for a busy machine. */
const aheadMs = 3 * 60 * 60_000

interface Scheduled {
  readonly scope: Scope
  readonly channel: string
  readonly schedule: ScheduleRecord
}

/**
 * Posts what is due: once per channel and local day, whichever process runs it and whenever one dies. What fails is logged
 * and leaves the community's other channels alone.
 */
export const postDueSpotlights: MinuteTask = {
  atOnce: 16,
  async run(services, scope) {
    const all = await schedulesOf(services, scope)
    await Promise.all(all.map((each) => guarded(services, each, () => postDue(services, each))))
  },
}

/** Draws what will soon be posted, one community after another: nobody is waiting for it. */
export const prepareSpotlights: MinuteTask = {
  atOnce: 1,
  async run(services, scope) {
    for (const each of await schedulesOf(services, scope))
      await guarded(services, each, () => prepareSoon(services, each))
  },
}

/** All of a community's that are not paused. */
async function schedulesOf({ store }: Services, scope: Scope): Promise<Scheduled[]> {
  const active: Scheduled[] = []
  for (const { id, value } of await store.list(scheduleRecord, scope)) {
    const [channel = ''] = id
    const pause = await store.get(pauseRecord, scope, [channel])
    if (pause?.since !== value.since) active.push({ scope, channel, schedule: value })
  }
  return active
}

async function guarded(
  { log }: Services,
  { scope, channel }: Scheduled,
  run: () => Promise<unknown>,
): Promise<void> {
  try {
    await run()
  } catch (error) {
    // Another process serves this platform.
    if (error instanceof UserError && error.code === 'busy') return
    log.error({ err: error, ...scope, channel }, 'a spotlight failed; it is tried again in a minute')
  }
}

async function settledDays(services: Services, { scope, channel }: Scheduled): Promise<Set<string>> {
  const posts = await services.store.list(postRecord, scope, ['spotlight', channel])
  const now = services.now().getTime()
  return new Set(posts.filter(({ value }) => isSettled(value, now)).map(({ id }) => id[2]!))
}

async function prepareSoon(services: Services, scheduled: Scheduled): Promise<void> {
  const now = services.now().getTime()
  const next = nextPost(scheduled.schedule, await settledDays(services, scheduled), now)
  if (next && next.at - now <= aheadMs)
    await orPause(services, scheduled, () =>
      preparedFor(services, scheduled.scope, scheduled.channel, next.day),
    )
}

async function postDue(services: Services, scheduled: Scheduled): Promise<void> {
  const settled = await settledDays(services, scheduled)
  const { post, missed } = due(scheduled.schedule, settled, services.now().getTime())
  if (missed.length > 0) await reportMissed(services, scheduled, missed)
  if (!post) return
  const { scope, channel, schedule } = scheduled
  await orPause(services, scheduled, async () => {
    const prepared = await preparedFor(services, scope, channel, post.day)
    if (!prepared) return
    const t = await translatorOf(services, scope)
    const before = await lastAnswer(services, scope, channel, post.day, t)
    const reply = { ...replyFor(services, prepared, t, before), ...pinging(schedule) }
    if ((await postOnce(services, placeOf(scheduled), ['spotlight', channel, post.day], reply)) === 'missed')
      await tell(services, scheduled, t('spotlight.stopped', { day: post.day }), t)
  })
}

/** Pauses a spotlight that cannot be posted: no such channel any more, or a model whose units have no names. */
async function orPause(services: Services, scheduled: Scheduled, run: () => Promise<unknown>): Promise<void> {
  const { scope, channel, schedule } = scheduled
  try {
    await run()
  } catch (error) {
    if (!(error instanceof UserError) || !['not-found', 'not-allowed'].includes(error.code)) throw error
    const t = await translatorOf(services, scope)
    const reason = error.in(t)
    await services.store.set(pauseRecord, scope, [channel], { reason, since: schedule.since })
    await tell(services, scheduled, t('spotlight.pausedNow', { reason }), t)
  }
}

/** Days that went by while nobody was there to post. */
async function reportMissed(
  services: Services,
  scheduled: Scheduled,
  missed: readonly Occurrence[],
): Promise<void> {
  const mine: string[] = []
  for (const { day } of missed)
    if ((await settleLate(services, placeOf(scheduled), ['spotlight', scheduled.channel, day])) === 'missed')
      mine.push(day)
  if (mine.length === 0) return
  const t = await translatorOf(services, scheduled.scope)
  await tell(services, scheduled, t('spotlight.missed', { days: mine.join(', ') }), t)
}

const translatorOf = async ({ store }: Services, scope: Scope): Promise<Translate> =>
  translator(communityLanguage(await settingsOf(store, scope)))

const placeOf = ({ scope, channel }: Scheduled): Place => ({
  ...scope,
  platform: scope.platform as PlatformName,
  channel,
})

const pinging = ({ pingRole }: ScheduleRecord): Pick<Reply, 'pingRole'> =>
  pingRole === undefined ? {} : { pingRole }

/** A word to the person who set it up; they may have closed their door to messages. */
async function tell(
  { outbox, log }: Services,
  scheduled: Scheduled,
  sentence: string,
  t: Translate,
): Promise<void> {
  const { by } = scheduled.schedule
  if (by === undefined) return
  const place = placeOf(scheduled)
  try {
    await outbox.tell(place, by, {
      elements: [text(plain(sentence)), note(plain(t('spotlight.channel', { channel: place.channel })))],
    })
  } catch (error) {
    log.warn({ err: error, ...place }, 'nobody could be told about a spotlight')
  }
}

/** For programs. */
export interface QuestionData {
  /** Its id. */
  readonly question: string
  readonly choices: readonly string[]
  readonly model: string
}

/** The question for everybody: nothing in it, ids, file names and alt texts included, gives the answer away. */
export function replyFor(
  { catalogue }: Services,
  { id, asked, looks }: Prepared,
  t: Translate,
  before?: string,
): Reply<QuestionData> {
  const pictures = looks.map(({ bytes, facet }, n) => ({
    bytes,
    mimeType: 'image/jpeg' as const,
    name: `neuron-${n + 1}.jpeg`,
    alt: altOf(facet, t),
  }))
  const elements: Element[] = [
    heading(t('spotlight.title')),
    ...(before ? [text(before)] : []),
    gallery(pictures),
    text(t('spotlight.ask')),
    buttons(asked.choices.map((label, n) => button(spotlightActions.id('answer', id, n), label))),
    note(t('spotlight.hidden', { model: plain(catalogue.modelTitle) })),
  ]
  return { elements, data: { question: id, choices: asked.choices, model: catalogue.modelId } }
}

function altOf(facet: string | undefined, t: Translate): string {
  const known = askingFacets.find((each) => each === facet)
  return known ? t('spotlight.altOfKind', { kind: t(`words.facet.${known}`) }) : t('spotlight.alt')
}

/** What the channel's last post showed, and how many knew. */
async function lastAnswer(
  { store, catalogue }: Services,
  scope: Scope,
  channel: string,
  today: string,
  t: Translate,
): Promise<string | undefined> {
  const posts = await store.list(postRecord, scope, ['spotlight', channel])
  const last = posts.findLast(({ id, value }) => value.outcome === 'posted' && id[2]! < today)
  const day = last && (await store.get(dayRecord, scope, [channel, last.id[2]!]))
  const asked = day && (await store.get(askedRecord, scope, [day.question]))
  if (!asked) return undefined
  const answers = await store.list(answerRecord, scope, [day.question])
  const name = catalogue.unit(asked.unit)?.name ?? asked.choices[asked.answer]!
  const right = answers.filter(({ value }) => value.right).length
  const values = { name: plain(name), unit: asked.unit }
  return answers.length === 0
    ? t('spotlight.nobody', values)
    : t('spotlight.found', { ...values, count: right, all: answers.length })
}
