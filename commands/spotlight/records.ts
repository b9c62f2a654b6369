import { z } from 'zod'
import type { RecordKind } from '../../src/store/store.ts'
import { type Answer, answerSchema, askedSchema } from '../question/records.ts'

/** A post that is missed is posted later on its day. */
const keptMs = 72 * 60 * 60_000

const schedule = z.object({
  time: z.object({ hour: z.int().min(0).max(23), minute: z.int().min(0).max(59) }),
  zone: z.string(),
  days: z.array(z.int().min(1).max(7)).min(1),
  /** When it was set up, in ms since 1970. */
  since: z.int(),
  pingRole: z.string().exactOptional(),
  /** Who set it up, and is told when it can't continue; nobody once they had their data deleted. */
  by: z.string().exactOptional(),
})
export type ScheduleRecord = z.infer<typeof schedule>

/** Version 1, which schedules of both shapes have: until 23 November 2026 the time was "HH:MM". */
function withTime(value: unknown): unknown {
  const { time, ...rest } = value as { time: string | ScheduleRecord['time'] }
  if (typeof time !== 'string') return value
  const [hour, minute] = time.split(':').map(Number)
  return { ...rest, time: { hour, minute } }
}

/** When a channel gets its neuron of the day, under [channel]. */
export const scheduleRecord = {
  name: 'spotlight-schedule',
  version: 2,
  schema: schedule,
  migrate: { 1: withTime },
} satisfies RecordKind<ScheduleRecord>

/** Why a schedule is paused, in the community's language at the time, under [channel]; it counts only for the schedule with that `since`. */
export const pauseRecord = {
  name: 'spotlight-pause',
  version: 1,
  schema: z.object({ reason: z.string(), since: z.int() }),
} satisfies RecordKind<{ reason: string; since: number }>

/** That a community has been shown a unit, under [round, unit]: the first to write it shows it. */
export const shownRecord = {
  name: 'spotlight-shown',
  version: 1,
  schema: z.object({ round: z.int(), unit: z.int() }),
} satisfies RecordKind<{ round: number; unit: number }>

const asked = askedSchema.extend({
  channel: z.string(),
  /** For a daily post; absent if somebody asked for it. */
  day: z.string().exactOptional(),
})
export type AskedRecord = z.infer<typeof asked>

/** A question, under [id]. */
export const askedRecord = {
  name: 'spotlight-question',
  version: 1,
  schema: asked,
} satisfies RecordKind<AskedRecord>

/** The question that was prepared for a channel's day, under [channel, day], with its pictures beside it. */
export const dayRecord = {
  name: 'spotlight-day',
  version: 1,
  schema: z.object({ question: z.string() }),
} satisfies RecordKind<{ question: string }>

/** That somebody is preparing a day: it spares others the work, and forbids nothing. */
export const preparingRecord = {
  name: 'spotlight-preparing',
  version: 1,
  lives: keptMs,
  schema: z.object({ at: z.int() }),
} satisfies RecordKind<{ at: number }>

/** A picture of a question, under [question, number]; gone once its post is long out. */
export const lookRecord = {
  name: 'spotlight-picture',
  version: 1,
  lives: keptMs,
  schema: z.object({
    bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
    facet: z.string().optional(),
  }),
} satisfies RecordKind<{ bytes: Uint8Array; facet?: string | undefined }>

/** A person's one answer, under [question, person]. */
export const answerRecord = {
  name: 'spotlight-answer',
  version: 1,
  schema: answerSchema,
} satisfies RecordKind<Answer>
