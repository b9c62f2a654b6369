import { DateTime } from 'luxon'
import type { Command } from '../src/chat/command.ts'
import { settingsOf } from '../src/chat/community.ts'
import type { Context } from '../src/chat/context.ts'
import { plain } from '../src/chat/markup.ts'
import type { Options } from '../src/chat/options.ts'
import type { Element } from '../src/chat/reply.ts'
import { waiting } from '../src/chat/waiting.ts'
import { UserError } from '../src/errors.ts'
import { daysInWords, daysOf, everyDay, nextTurn, timeOf, zoneOf, zonesLike } from '../src/games/spotlight.ts'
import { answer } from './spotlight/answer.ts'
import { replyFor } from './spotlight/post.ts'
import { makeQuestion } from './spotlight/prepare.ts'
import { pauseRecord, scheduleRecord, type ScheduleRecord } from './spotlight/records.ts'

const zonesOffered = 25

/** Each day a neuron for the channel: what it looks for, and whose name it is. */
export const spotlight = {
  name: 'spotlight',
  description: 'A neuron a day: guess what it looks for',
  translations: { de: { name: 'neuron-des-tages', description: 'Jeden Tag ein Neuron: Was sucht es?' } },
  subcommands: {
    here: {
      description: 'Post a neuron here every day',
      moderators: true,
      visibility: 'person',
      options: {
        time: { type: 'text', description: 'When, for example 9:00', required: true, maxLength: 12 },
        timezone: {
          type: 'text',
          description: 'Where that time holds, for example Europe/Berlin',
          required: true,
          maxLength: 60,
          completes: true,
        },
        days: { type: 'text', description: 'Which days: daily, weekdays, "mon, wed, fri"', maxLength: 60 },
        ping_role: { type: 'role', description: 'A role to ping with it' },
      },
      run: setUp,
      complete: async (_context, option, typed) =>
        option === 'timezone'
          ? zonesLike(typed, zonesOffered).map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))
          : [],
    },
    now: {
      description: 'Show a neuron right now',
      moderators: true,
      async run(context) {
        const text = 'Drawing what the next neuron looks for'
        context.progress({ text })
        const { channel } = context.place
        const { language } = await settingsOf(context.services.store, context.place)
        const prepared = await makeQuestion(
          context.services,
          context.place,
          { channel },
          waiting(context, text),
        )
        await context.reply(replyFor(context.services, prepared, language))
      },
    },
    off: {
      description: 'Post no more neurons here',
      moderators: true,
      visibility: 'person',
      async run({ services: { store }, place, reply }) {
        if (!(await store.delete(scheduleRecord, place, [place.channel])))
          throw new UserError('not-found', 'There is no neuron of the day in this channel.')
        await store.delete(pauseRecord, place, [place.channel])
        await reply({ elements: [{ kind: 'text', text: 'No more neurons of the day here.' }] })
      },
    },
    list: {
      description: 'The channels that get a neuron of the day',
      moderators: true,
      visibility: 'person',
      run: list,
    },
  },
  actions: {
    answer: {
      answers: 'person',
      run: (context, [id = '', choice = '']) => answer(context, id, Number(choice)),
    },
  },
} satisfies Command

async function setUp({ services, place, person, reply }: Context, options: Options): Promise<void> {
  const { store, now } = services
  const days = options.text('days')
  const pingRole = options.text('ping_role')
  const schedule: ScheduleRecord = {
    time: timeOf(options.requiredText('time')),
    zone: zoneOf(options.requiredText('timezone')),
    days: days === undefined ? [...everyDay] : daysOf(days),
    since: now().getTime(),
    by: person.id,
    ...(pingRole === undefined ? {} : { pingRole }),
  }
  await store.set(scheduleRecord, place, [place.channel], schedule)
  await store.delete(pauseRecord, place, [place.channel])
  const next = nextIn(schedule, now())
  await reply({
    elements: [
      { kind: 'text', text: `This channel gets a neuron ${inWords(schedule)}. The next one comes ${next}.` },
    ],
    data: { ...schedule, next: new Date(nextTurn(schedule, now().getTime()).at).toISOString() },
  })
}

const inWords = ({ time, zone, days }: ScheduleRecord): string =>
  `${daysInWords(days)} at **${time}**, ${plain(zone.replaceAll('_', ' '))}`

const nextIn = (schedule: ScheduleRecord, now: Date): string =>
  DateTime.fromMillis(nextTurn(schedule, now.getTime()).at, { zone: schedule.zone }).toFormat(
    "cccc, d LLLL, 'at' HH:mm",
  )

async function list({ services: { store, now }, place, reply }: Context): Promise<void> {
  const schedules = await store.list(scheduleRecord, place)
  const fields = await Promise.all(
    schedules.map(async ({ id: [channel = ''], value }) => {
      const pause = await store.get(pauseRecord, place, [channel])
      const paused = pause?.since === value.since
      return {
        name: channel === place.channel ? 'This channel' : plain(`#${channel}`),
        value: `${inWords(value)}. ${paused ? `**Paused:** ${plain(pause.reason)}` : `Next: ${nextIn(value, now())}.`}`,
      }
    }),
  )
  const none: Element = { kind: 'text', text: 'No channel gets a neuron of the day: /spotlight here begins.' }
  await reply({
    elements: fields.length === 0 ? [none] : [{ kind: 'fields', fields }],
    data: schedules.map(({ id: [channel], value }) => ({ channel, ...value })),
  })
}
