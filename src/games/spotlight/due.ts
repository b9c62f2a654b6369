import {
  dayExists,
  dayPlus,
  firstInstant,
  localDay,
  weekday,
  type LocalDay,
  type TimeOfDay,
} from '../clock.ts'

/** When a channel gets its neuron of the day. JSON-safe. */
export interface Schedule {
  readonly time: TimeOfDay
  /** IANA name, for example "Europe/Berlin". */
  readonly zone: string
  /** 1 for Monday to 7 for Sunday. */
  readonly days: readonly number[]
  /** When it was set up, in milliseconds since 1970: nothing earlier is due. */
  readonly since: number
}

export interface Occurrence {
  /** The channel's calendar day that the post belongs to; with the channel it names the post. */
  readonly day: LocalDay
  /** When it is due, in milliseconds since 1970. */
  readonly at: number
}

export interface Due {
  /** What to post now, including what was missed while the bot was down, as long as its day is not over. */
  readonly post?: Occurrence
  /** Days that ended without a post, oldest first; record them, so that each is reported once. */
  readonly missed: readonly Occurrence[]
}

/** Posts that were missed longer ago are not reported. */
const memoryDays = 31

/**
 * What a schedule asks for at this moment. There is one post for each local day: a time that the clock skips moves to the
 * next minute that exists, a time that comes twice counts once, a day that the calendar skips has no post, and nothing is
 * posted again if the clock is set back.
 * @param settled days that were posted or recorded as missed.
 */
export function due(schedule: Schedule, settled: ReadonlySet<LocalDay>, now: number): Due {
  const today = localDay(now, schedule.zone)
  if (settled.has(today)) return { missed: [] }
  const open = occurrences(schedule, firstOpenDay(schedule, settled, today), today).filter(
    ({ day, at }) => at >= schedule.since && at <= now && !settled.has(day),
  )
  const post = open.find(({ day }) => day === today)
  return { ...(post && { post }), missed: open.filter(({ day }) => day < today) }
}

/** The post after this moment; undefined if no weekday is chosen. */
export function nextPost(
  schedule: Schedule,
  settled: ReadonlySet<LocalDay>,
  now: number,
): Occurrence | undefined {
  const today = localDay(now, schedule.zone)
  return occurrences(schedule, today, dayPlus(today, 8)).find(
    ({ day, at }) => at > now && at >= schedule.since && !settled.has(day),
  )
}

/** Everything before the last settled day was settled when that day was. */
function firstOpenDay({ zone, since }: Schedule, settled: ReadonlySet<LocalDay>, today: LocalDay): LocalDay {
  let first = localDay(since, zone)
  const oldest = dayPlus(today, -memoryDays)
  if (oldest > first) first = oldest
  for (const day of settled) if (day > first && day <= today) first = day
  return first
}

/** The posts of all days from `first` to `last`, in order. */
function occurrences({ time, zone, days }: Schedule, first: LocalDay, last: LocalDay): Occurrence[] {
  const found: Occurrence[] = []
  // From the day before: a time skipped at the end of a day falls into the next one, and is its post.
  for (let day = dayPlus(first, -1); day <= last; day = dayPlus(day, 1)) {
    if (!days.includes(weekday(day))) continue
    const at = firstInstant(day, time, zone)
    const shown = localDay(at, zone)
    if (shown !== day && !dayExists(day, zone)) continue
    if (shown >= first && found.at(-1)?.day !== shown) found.push({ day: shown, at })
  }
  return found
}
