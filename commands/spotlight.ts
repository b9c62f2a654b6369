import { fields, text } from '../src/chat/elements.ts'
import { DateTime } from 'luxon'
import { settingsOf } from '../src/chat/community.ts'
import type { ActionContext, CompletionContext, Context } from '../src/chat/context.ts'
import { defineCommand, subcommand } from '../src/chat/define.ts'
import { channelName, plain } from '../src/chat/markup.ts'
import type { Options, ValuesOf } from '../src/chat/options.ts'
import { personal } from '../src/chat/personal.ts'
import { waiting } from '../src/chat/waiting.ts'
import { UserError } from '../src/errors.ts'
import { formatTime, parseDays, parseTime } from '../src/games/parse-time.ts'
import { nextPost } from '../src/games/spotlight/due.ts'
import { parseTimeZone, timeZones } from '../src/games/time-zones.ts'
import { askable } from './question/ask.ts'
import { spotlightActions } from './spotlight/actions.ts'
import { answer, type AnsweredData } from './spotlight/answer.ts'
import { postDueSpotlights, prepareSpotlights, type QuestionData, replyFor } from './spotlight/post.ts'
import { makeQuestion } from './spotlight/prepare.ts'
import { answerRecord, pauseRecord, scheduleRecord, type ScheduleRecord } from './spotlight/records.ts'

const everyDay = [1, 2, 3, 4, 5, 6, 7]
const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** For programs. */
interface ScheduledData extends ScheduleRecord {
  /** The next post, ISO 8601. */
  readonly next: string
}
type ListedData = readonly ({ readonly channel: string } & ScheduleRecord)[]

const scheduling = {
  time: { type: 'text', description: 'When, for example 9:00', required: true, maxLength: 12 },
  timezone: {
    type: 'text',
    description: 'In which time zone, for example Europe/Berlin; without it, in yours if I know it',
    maxLength: 60,
    complete: async ({ services }: CompletionContext, typed: string) =>
      timeZones(typed, services.now().getTime()),
  },
  days: { type: 'text', description: 'Which days: daily, weekdays, "mon, wed, fri"', maxLength: 60 },
  ping_role: { type: 'role', description: 'A role to ping with it' },
} as const satisfies Options

/** Each day a neuron for the channel: what it looks for, and whose name it is. */
export const spotlight = defineCommand({
  name: 'spotlight',
  called: (t) => t('spotlight.name'),
  description: (t) => t('spotlight.description'),
  subcommands: {
    here: subcommand({
      description: 'Post a neuron here every day',
      moderators: true,
      visibility: 'person',
      options: scheduling,
      run: (context: Context<ScheduledData>, given) => setUp(context, given),
    }),
    now: subcommand({
      description: 'Show a neuron right now',
      moderators: true,
      async run(context: Context<QuestionData>) {
        const text = 'Drawing what the next neuron looks for'
        context.progress({ text })
        const { channel } = context.place
        const { language } = context.translators.channel
        const prepared = await makeQuestion(
          context.services,
          context.place,
          { channel },
          waiting(context, text),
        )
        await context.reply(replyFor(context.services, prepared, language))
      },
    }),
    off: subcommand({
      description: 'Post no more neurons here',
      moderators: true,
      visibility: 'person',
      async run({ services: { store }, place, reply }) {
        if (!(await store.delete(scheduleRecord, place, [place.channel])))
          throw new UserError('not-found', 'There is no neuron of the day in this channel.')
        await store.delete(pauseRecord, place, [place.channel])
        await reply({ elements: [text('No more neurons of the day here.')] })
      },
    }),
    list: subcommand({
      description: 'The channels that get a neuron of the day',
      moderators: true,
      visibility: 'person',
      run: (context: Context<ListedData>) => list(context),
    }),
  },
  everyMinute: [postDueSpotlights, prepareSpotlights],
  personal: [
    personal(answerRecord, 'answers to the neuron of the day', ({ person }, id) => person === id),
    personal(
      scheduleRecord,
      'neurons of the day that you set up',
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
  { services, place, person, reply, timeZone }: Context<ScheduledData>,
  { time, timezone = timeZone, days, ping_role: pingRole }: ValuesOf<typeof scheduling>,
): Promise<void> {
  const { store, now, catalogue } = services
  askable(catalogue, await settingsOf(store, place))
  if (timezone === undefined)
    throw new UserError('bad-option', 'Please say in which time zone, for example timezone:Europe/Berlin.')
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
  await reply({
    elements: [
      text(`This channel gets a neuron ${inWords(schedule)}. The next one comes ${whenOf(schedule, next)}.`),
    ],
    data: { ...schedule, next: next.toISOString() },
  })
}

function inWords({ time, zone, days }: ScheduleRecord): string {
  const which = days.length === 7 ? 'every day' : `on ${days.map((day) => dayNames[day - 1]).join(', ')}`
  return `${which} at **${formatTime(time)}**, ${plain(zone.replaceAll('_', ' '))}`
}

const nextOf = (schedule: ScheduleRecord, now: Date): Date =>
  new Date(nextPost(schedule, new Set(), now.getTime())!.at)

const whenOf = ({ zone }: ScheduleRecord, at: Date): string =>
  DateTime.fromJSDate(at, { zone }).toFormat("'on' cccc, d LLLL, 'at' HH:mm")

async function list({ services: { store, now }, place, reply }: Context<ListedData>): Promise<void> {
  const schedules = await store.list(scheduleRecord, place)
  const channels = await Promise.all(
    schedules.map(async ({ id: [channel = ''], value }) => {
      const pause = await store.get(pauseRecord, place, [channel])
      const paused = pause?.since === value.since
      return {
        name: channel === place.channel ? 'This channel' : channelName(channel),
        value: `${inWords(value)}. ${paused ? `**Paused:** ${plain(pause.reason)}` : `Next: ${whenOf(value, nextOf(value, now()))}.`}`,
      }
    }),
  )
  await reply({
    elements: [
      channels.length === 0
        ? text('No channel gets a neuron of the day yet; /spotlight here starts one.')
        : fields(channels),
    ],
    data: schedules.map(({ id: [channel = ''], value }) => ({ channel, ...value })),
  })
}
