import { DateTime, IANAZone } from 'luxon'
import { UserError } from '../errors.ts'

/** When a channel gets its neuron of the day. */
export interface Schedule {
  /** Local time of day, "HH:MM". */
  readonly time: string
  /** IANA name, for example "Europe/Berlin". */
  readonly zone: string
  /** Days of the week on which it posts: 1 is Monday, 7 is Sunday. */
  readonly days: readonly number[]
  /** When it was set up, in ms since 1970: a time before that was nobody's. */
  readonly since: number
}

/** A local day and the moment of its post. */
export interface Turn {
  /** "2026-11-23", in the schedule's zone. */
  readonly day: string
  /** In ms since 1970. */
  readonly at: number
}

const minutesOfDay = 24 * 60
/** A week and a day: by then every day of the week has come. */
const daysAhead = 8

/**
 * The local day whose post is due: its time has come and the day is not over, however late it is asked. Undefined
 * before the time, on other days, and on the day it was set up where the time was past by then.
 * @param now in ms since 1970
 */
export function due(schedule: Schedule, now: number): Turn | undefined {
  const turn = turnOf(schedule, DateTime.fromMillis(now, { zone: schedule.zone }))
  return turn && turn.at <= now && turn.at >= schedule.since ? turn : undefined
}

/** The next post after now. @param now in ms since 1970 */
export function nextTurn(schedule: Schedule, now: number): Turn {
  const today = DateTime.fromMillis(now, { zone: schedule.zone })
  for (let ahead = 0; ahead <= daysAhead; ahead++) {
    const turn = turnOf(schedule, today.plus({ days: ahead }))
    if (turn && turn.at > now) return turn
  }
  throw new Error(`a schedule without a day: ${JSON.stringify(schedule)}`)
}

function turnOf({ time, zone, days }: Schedule, date: DateTime): Turn | undefined {
  const day = date.toISODate()
  if (!day || !days.includes(date.weekday)) return undefined
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  for (let wanted = hour * 60 + minute; wanted < minutesOfDay; wanted++) {
    const at = instantOf(date, zone, Math.floor(wanted / 60), wanted % 60)
    if (at !== undefined) return { day, at }
  }
  return undefined
}

/** Undefined where the clock skips this minute; the first one where it comes twice. */
function instantOf(
  { year, month, day }: DateTime,
  zone: string,
  hour: number,
  minute: number,
): number | undefined {
  const found = DateTime.fromObject({ year, month, day, hour, minute }, { zone })
  if (found.hour !== hour || found.minute !== minute || found.day !== day) return undefined
  return Math.min(...found.getPossibleOffsets().map((each) => each.toMillis()))
}

/** "9:05", "21.30", "9 pm" as "HH:MM". @throws UserError 'bad-option' that says what can be written. */
export function timeOf(typed: string): string {
  const [, hours, minutes = '0', half] =
    /^\s*(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm|uhr)?\s*$/i.exec(typed) ?? []
  const afternoon = half?.toLowerCase() === 'pm'
  const twelve = afternoon || half?.toLowerCase() === 'am'
  const hour = twelve ? (Number(hours) % 12) + (afternoon ? 12 : 0) : Number(hours)
  if (!(hour <= 23 && Number(minutes) <= 59) || (twelve && Number(hours) > 12))
    throw new UserError('bad-option', 'Please write the time as "9:00", "21:30" or "9 pm".')
  return `${String(hour).padStart(2, '0')}:${minutes.padStart(2, '0')}`
}

const zones = Intl.supportedValuesOf('timeZone')
const folded = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[\s_]+/g, ' ')
    .trim()

/** Time zones whose name holds what was typed, those with a city that begins with it first. */
export function zonesLike(typed: string, limit: number): string[] {
  const wanted = folded(typed)
  const rank = (zone: string): number => {
    const name = folded(zone)
    return name.split('/').at(-1)!.startsWith(wanted) ? 0 : name.includes(wanted) ? 1 : 2
  }
  return zones
    .filter((zone) => rank(zone) < 2)
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, limit)
}

/** "Europe/Berlin", also written "berlin". @throws UserError 'bad-option' for no time zone, or more than one. */
export function zoneOf(typed: string): string {
  const name = typed.trim().replaceAll(' ', '_')
  if (IANAZone.isValidZone(name)) return IANAZone.create(name).name
  const [only, other] = zonesLike(typed, 2)
  if (only && !other) return only
  throw new UserError(
    'bad-option',
    'Please choose a time zone that I offer while you type, for example Europe/Berlin.',
  )
}

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const sets: Readonly<Record<string, readonly number[]>> = {
  daily: [1, 2, 3, 4, 5, 6, 7],
  all: [1, 2, 3, 4, 5, 6, 7],
  weekdays: [1, 2, 3, 4, 5],
  weekends: [6, 7],
}
export const everyDay = sets['daily']!

/** "weekdays", "mon, wed, fri", "tue-thu" as days of the week. @throws UserError 'bad-option'. */
export function daysOf(typed: string): number[] {
  const wrong = new UserError(
    'bad-option',
    'Please write the days as "daily", "weekdays", "weekends", "mon, wed, fri" or "tue-thu".',
  )
  const dayOf = (word: string): number => {
    const day = weekdays.indexOf(word.slice(0, 3)) + 1
    if (day === 0) throw wrong
    return day
  }
  const days = typed
    .toLowerCase()
    .replaceAll(/\s*[-–]\s*/g, '-')
    .split(/[\s,;]+/)
    .filter(Boolean)
    .flatMap((part) => {
      if (sets[part]) return sets[part]
      const [from = '', to] = part.split('-')
      const [first, last] = [dayOf(from), dayOf(to ?? from)]
      const many = ((last - first + 7) % 7) + 1
      return Array.from({ length: many }, (_, i) => ((first - 1 + i) % 7) + 1)
    })
  if (days.length === 0) throw wrong
  return [...new Set(days)].sort()
}

/** Days of the week in words. */
export function daysInWords(days: readonly number[]): string {
  const name = Object.keys(sets).find((set) => String(sets[set]) === String(days))
  return name ?? days.map((day) => weekdays[day - 1]).join(', ')
}
