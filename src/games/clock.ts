import { IANAZone } from 'luxon'

/** A day on somebody's calendar, "2026-03-29". Sorts by date. */
export type LocalDay = string

export interface TimeOfDay {
  /** 0 to 23. */
  readonly hour: number
  /** 0 to 59. */
  readonly minute: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** What clocks in a time zone show, read as if it were UTC: milliseconds. */
const shownAt = (at: number, zone: string): number => at + IANAZone.create(zone).offset(at) * minuteMs

const dayOf = (shown: number): LocalDay => new Date(shown).toISOString().slice(0, 10)

/** The calendar day in a time zone (IANA name) at an instant (milliseconds since 1970). */
export const localDay = (at: number, zone: string): LocalDay => dayOf(shownAt(at, zone))

export const dayPlus = (day: LocalDay, days: number): LocalDay => dayOf(Date.parse(day) + days * dayMs)

/** 1 for Monday to 7 for Sunday. */
export const weekday = (day: LocalDay): number => new Date(day).getUTCDay() || 7

/**
 * The first instant at which clocks in the zone show that time of that day; if they skip it, the next minute that exists.
 * Milliseconds since 1970.
 */
export function firstInstant(day: LocalDay, { hour, minute }: TimeOfDay, zone: string): number {
  const wanted = Date.parse(day) + hour * hourMs + minute * minuteMs
  // Offsets are between -12 and +14 hours: these two are before and after any change that matters.
  const [before, after] = [-15, 13].map((hours) => {
    const at = wanted + hours * hourMs
    return shownAt(at, zone) - at
  }) as [number, number]
  const exact = [wanted - before, wanted - after].filter((at) => shownAt(at, zone) === wanted)
  if (exact.length > 0) return Math.min(...exact)
  // Skipped: clocks jump from one offset to the other somewhere in between; find the minute.
  let [early, late] = [wanted - after, wanted - before]
  while (late - early > minuteMs) {
    const middle = early + Math.floor((late - early) / 2 / minuteMs) * minuteMs
    if (shownAt(middle, zone) >= wanted) late = middle
    else early = middle
  }
  return late
}

/** Whether the zone's calendar has the day: Samoa's has no 30 December 2011. */
export const dayExists = (day: LocalDay, zone: string): boolean =>
  localDay(firstInstant(day, { hour: 0, minute: 0 }, zone), zone) === day
