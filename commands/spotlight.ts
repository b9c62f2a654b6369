import { fields, text } from '../src/chat/elements.ts'
import { DateTime, Info } from 'luxon'
import { settingsOf } from '../src/chat/community.ts'
import type { ActionContext, CompletionContext, Context } from '../src/chat/context.ts'
import { defineCommand, subcommand } from '../src/chat/define.ts'
import { channelName, plain } from '../src/chat/markup.ts'
import type { Options, ValuesOf } from '../src/chat/options.ts'
import { isTheirs, personal } from '../src/chat/personal.ts'
import { waiting } from '../src/chat/waiting.ts'
import { UserError } from '../src/errors.ts'
import { formatTime, parseDays, parseTime } from '../src/games/parse-time.ts'
import { nextPost } from '../src/games/spotlight/due.ts'
import type { Translate } from '../src/language.ts'
import { parseTimeZone, timeZones } from '../src/games/time-zones.ts'
import { askable } from './question/ask.ts'
import { spotlightActions } from './spotlight/actions.ts'
import { answer, type AnsweredData } from './spotlight/answer.ts'
import { postDueSpotlights, prepareSpotlights, type QuestionData, replyFor } from './spotlight/post.ts'
import { makeQuestion } from './spotlight/prepare.ts'
import { answerRecord, pauseRecord, scheduleRecord, type ScheduleRecord } from './spotlight/records.ts'

const everyDay = [1, 2, 3, 4, 5, 6, 7]

/** For programs. */
interface ScheduledData extends ScheduleRecord {
  /** The next post, ISO 8601. */
  readonly next: string
}
type ListedData = readonly ({ readonly channel: string } & ScheduleRecord)[]

const scheduling = {
  time: {
    type: 'text',
    called: (t) => t('spotlight.time.name'),
    description: (t) => t('spotlight.time.description'),
    required: true,
    maxLength: 12,
  },
  timezone: {
    type: 'text',
    called: (t) => t('spotlight.timezone.name'),
    description: (t) => t('spotlight.timezone.description'),
    maxLength: 60,
    complete: async ({ services, t }: CompletionContext, typed: string) =>
      timeZones(typed, services.now().getTime(), t),
  },
  days: {
    type: 'text',
    called: (t) => t('spotlight.days.name'),
    description: (t) => t('spotlight.days.description'),
    maxLength: 60,
  },
  ping_role: {
    type: 'role',
    called: (t) => t('spotlight.pingRole.name'),
    description: (t) => t('spotlight.pingRole.description'),
  },
} as const satisfies Options

/** Each day a neuron for the channel: what it looks for, and whose name it is. */
export const spotlight = defineCommand({
  name: 'spotlight',
  called: (t) => t('spotlight.name'),
  description: (t) => t('spotlight.description'),
  subcommands: {
    here: subcommand({
      description: (t) => t('spotlight.here.description'),
      moderators: true,
      visibility: 'person',
      options: scheduling,
      run: (context: Context<ScheduledData>, given) => setUp(context, given),
    }),
    now: subcommand({
      description: (t) => t('spotlight.now.description'),
      moderators: true,
      async run(context: Context<QuestionData>) {
        const { services, place, t } = context
        const text = t('spotlight.drawing')
        context.progress({ text })
        const { channel } = place
        const prepared = await makeQuestion(services, place, { channel }, waiting(context, text))
        await context.reply(replyFor(services, prepared, t))
      },
    }),
    off: subcommand({
      description: (t) => t('spotlight.off.description'),
      moderators: true,
      visibility: 'person',
      async run({ services: { store }, place, reply, t }) {
        if (!(await store.delete(scheduleRecord, place, [place.channel])))
          throw new UserError('not-found', 'spotlight.none')
        await store.delete(pauseRecord, place, [place.channel])
        await reply({ elements: [text(t('spotlight.ended'))] })
      },
    }),
    list: subcommand({
      description: (t) => t('spotlight.list.description'),
      moderators: true,
      visibility: 'person',
      run: (context: Context<ListedData>) => list(context),
    }),
  },
  everyMinute: [postDueSpotlights, prepareSpotlights],
  personal: [
    personal(answerRecord, (t) => t('spotlight.kept.answers'), isTheirs),
    personal(
      scheduleRecord,
      (t) => t('spotlight.kept.schedules'),
      ({ by }, id) => by === id,
      ({ by: _by, ...rest }) => rest,
    ),
  ],
  scores: true,
  actions: spotlightActions.answeredBy({
    answer: {
      answers: 'person',
      run: (context: ActionContext<AnsweredData>, [id, choice]) => answer(context, id, choice),
    },
  }),
})

async function setUp(
  { services, place, person, reply, timeZone, t }: Context<ScheduledData>,
  { time, timezone = timeZone, days, ping_role: pingRole }: ValuesOf<typeof scheduling>,
): Promise<void> {
  const { store, now, catalogue } = services
  askable(catalogue, await settingsOf(store, place))
  if (timezone === undefined) throw new UserError('bad-option', 'spotlight.noZone')
  const schedule: ScheduleRecord = {
    time: parseTime(time),
    zone: parseTimeZone(timezone),
    days: days === undefined ? everyDay : parseDays(days),
    since: now().getTime(),
    by: person.id,
    ...(pingRole === undefined ? {} : { pingRole }),
  }
  await store.set(scheduleRecord, place, [place.channel], schedule)
  await store.delete(pauseRecord, place, [place.channel])
  const next = nextOf(schedule, now())
  const values = { ...inWords(schedule, t), date: dateOf(schedule, next, t) }
  await reply({
    elements: [
      text(daily(schedule) ? t('spotlight.begunDaily', values) : t('spotlight.begunOnDays', values)),
    ],
    data: { ...schedule, next: next.toISOString() },
  })
}

const daily = ({ days }: ScheduleRecord): boolean => days.length === everyDay.length

const inWords = ({ time, zone, days }: ScheduleRecord, { language }: Translate) => ({
  days: days.map((day) => Info.weekdays('short', { locale: language })[day - 1]).join(', '),
  time: formatTime(time),
  zone: plain(zone.replaceAll('_', ' ')),
})

const nextOf = (schedule: ScheduleRecord, now: Date): Date =>
  new Date(nextPost(schedule, new Set(), now.getTime())!.at)

/** "Sunday 29 March": English as in Europe. */
const dateOf = ({ zone }: ScheduleRecord, at: Date, { language }: Translate): string =>
  DateTime.fromJSDate(at, { zone })
    .setLocale(language === 'en' ? 'en-GB' : language)
    .toLocaleString({ weekday: 'long', day: 'numeric', month: 'long' })

async function list({ services: { store, now }, place, reply, t }: Context<ListedData>): Promise<void> {
  const schedules = await store.list(scheduleRecord, place)
  const channels = await Promise.all(
    schedules.map(async ({ id: [channel = ''], value }) => {
      const pause = await store.get(pauseRecord, place, [channel])
      const paused = pause?.since === value.since
      const values = inWords(value, t)
      const sentences = [
        daily(value) ? t('spotlight.daily', values) : t('spotlight.onDays', values),
        paused
          ? t('spotlight.paused', { reason: plain(pause.reason) })
          : t('spotlight.next', { ...values, date: dateOf(value, nextOf(value, now()), t) }),
      ]
      return {
        name: channel === place.channel ? t('spotlight.thisChannel') : channelName(channel),
        value: sentences.join(' '),
      }
    }),
  )
  await reply({
    elements: [channels.length === 0 ? text(t('spotlight.noChannels')) : fields(channels)],
    data: schedules.map(({ id: [channel = ''], value }) => ({ channel, ...value })),
  })
}
