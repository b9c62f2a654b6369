import { DateTime } from 'luxon'
import { UserError } from '../errors.ts'
import { dayPlus, firstInstant, localDay, weekday, type LocalDay, type TimeOfDay } from './clock.ts'
import { dayOfWeek, timeOfDay, withColons } from './parse-time.ts'
import { readMoment } from './read-moment.ts'
import { timeZoneOf } from './time-zones.ts'
import { meaningOf } from './typed.ts'

const minute = 60_000
const lengths = {
  minutes: minute,
  hours: 60 * minute,
  days: 24 * 60 * minute,
  weeks: 7 * 24 * 60 * minute,
} as const
const units = ['minutes', 'hours', 'days', 'weeks'] as const
const shortestMs = minute
/** The furthest end that is accepted, from now. */
export const longestMs = 30 * 24 * 60 * minute

/**
 * A length of time in milliseconds, in any of our languages: "90 minutes", "2h", "1.5 hours", "3 Tage", "1d 6h".
 * @throws UserError 'bad-option' that says what can be written.
 */
export function parseDuration(typed: string): number {
  const ms = durationOf(typed)
  if (ms === undefined) throw new UserError('bad-option', 'times.notLength')
  return withinLimits(ms)
}

/**
 * When something ends, in milliseconds since 1970: a length of time from now, or a day, a time or both, with a
 * time zone if it is another: "2h", "tomorrow 18:00", "friday", "20:00 Europe/Berlin", "2026-12-24 9am", "in half
 * an hour", "next friday evening". Just a day means its end; just a time, the next
 * such time.
 * @throws UserError 'bad-option' that says what can be written, or that it is too near or too far.
 */
export function parseEnds(typed: string, now: number, zone: string): number {
  const ms = durationOf(typed) ?? momentOf(typed, now, zone) - now
  return now + withinLimits(ms)
}

/** When it ends: as the latest extension says, or as it was opened with; in milliseconds since 1970. */
export function endOf(
  opened: number,
  extensions: readonly { readonly at: number; readonly ends: number }[],
): number {
  return extensions.reduce((latest, one) => (one.at >= latest.at ? one : latest), { at: 0, ends: opened })
    .ends
}

function withinLimits(ms: number): number {
  if (ms < shortestMs || ms > longestMs) throw new UserError('bad-option', 'times.endOutside')
  return ms
}

function durationOf(typed: string): number | undefined {
  const [first = '', ...others] = typed.trim().split(/\s+/)
  const text = (meaningOf(first, ['in']) ? others : [first, ...others]).join(' ')
  const part = /(\d+(?:[.,]\d+)?)\s*(\p{L}+)[\s,]*/uy
  let ms = 0
  while (part.lastIndex < text.length) {
    const match = part.exec(text)
    const unit = match && meaningOf(match[2]!, units)
    if (!unit) return undefined
    ms += Number(match[1]!.replace(',', '.')) * lengths[unit]
  }
  return text === '' ? undefined : Math.round(ms)
}

function momentOf(typed: string, now: number, here: string): number {
  const words = withColons(typed)
    .trim()
    .replace(/,/g, ' ')
    .split(/\s+/)
    // "9 am" is a time in English, "am Freitag" a day in German.
    .filter((word, i, all) => !meaningOf(word, ['at']) || /\d$/.test(all[i - 1] ?? ''))
  const text = words.join(' ')
  const dayOf = dayIn(words)
  // "9 am" is two words.
  const length = [2, 1].find((count) => words.length >= count && timeOfDay(words.slice(0, count).join(' ')))
  const time = length === undefined ? undefined : timeOfDay(words.splice(0, length).join(' '))
  const zone = words.length > 0 ? timeZoneOf(words.join(' ')) : here
  if ((!dayOf && !time) || !zone) {
    const moment = readMoment(text, now, here)
    if (moment === undefined) throw notUnderstood(typed)
    return moment
  }
  const today = localDay(now, zone)
  const { day, again } = dayOf?.(today) ?? { day: today, again: 1 }
  const on = (from: LocalDay): number => instant(from, time, zone)
  return on(day) > now ? on(day) : on(dayPlus(day, again))
}

/** The instant of a time on a day, or the day's end if there is no time. */
const instant = (day: LocalDay, time: TimeOfDay | undefined, zone: string): number =>
  time ? firstInstant(day, time, zone) : firstInstant(dayPlus(day, 1), { hour: 0, minute: 0 }, zone)

/** A day, and after how many days it comes again if it is over; 0 if it doesn't. */
type DayFrom = (today: LocalDay) => { readonly day: LocalDay; readonly again: number }

/** Takes a day off the front of the words; undefined if there is none. */
function dayIn(words: string[]): DayFrom | undefined {
  const word = words[0] ?? ''
  const ahead = meaningOf(word, ['today', 'tomorrow'])
  const wanted = dayOfWeek(word)
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(word) && DateTime.fromISO(word).isValid
  if (!ahead && !wanted && !isDate) return undefined
  words.shift()
  if (isDate) return () => ({ day: word, again: 0 })
  if (wanted) return (today) => ({ day: dayPlus(today, (wanted - weekday(today) + 7) % 7), again: 7 })
  return (today) => ({ day: dayPlus(today, ahead === 'tomorrow' ? 1 : 0), again: 0 })
}

const notUnderstood = (typed: string): UserError =>
  new UserError('bad-option', 'times.notEnd', { values: { typed } })
