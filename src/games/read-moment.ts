import type { ParsedComponents, ParsedResult } from 'chrono-node'
import * as de from 'chrono-node/de'
import * as en from 'chrono-node/en'
import { IANAZone } from 'luxon'
import { dayPlus, firstInstant } from './clock.ts'
import { parseTimeZone } from './time-zones.ts'

/** "in half an hour", "next friday evening", "24 December 6pm", "morgen 18 Uhr": English and German. */
const languages = [en.casual, de.casual]
/** Words for times of day, which chrono does not count as certain. */
const wordsForTimes = /casualReference\/(tonight|night|morning|afternoon|evening|noon|midnight)/

/**
 * A moment in milliseconds since 1970, read from a sentence that begins with it and may end with a time zone;
 * undefined if it doesn't begin with one. Just a day means its end.
 * @param now milliseconds since 1970
 * @param here IANA name, for a text that names no time zone
 * @throws UserError 'bad-option' if what follows the moment is not a time zone.
 */
export function readMoment(text: string, now: number, here: string): number | undefined {
  const found = longest(text, now, here)
  if (!found) return undefined
  const rest = text.slice(found.text.length).trim()
  const zone = rest === '' ? here : parseTimeZone(rest)
  const { start } = longest(found.text, now, zone) ?? found
  // A length of time, or with a time zone such as CET.
  if (start.isCertain('timezoneOffset')) return start.date().getTime()
  const hasTime = start.isCertain('hour') || [...start.tags()].some((tag) => wordsForTimes.test(tag))
  const day = dayOf(start)
  return hasTime
    ? firstInstant(day, { hour: start.get('hour') ?? 0, minute: start.get('minute') ?? 0 }, zone)
    : firstInstant(dayPlus(day, 1), { hour: 0, minute: 0 }, zone)
}

function longest(text: string, now: number, zone: string): ParsedResult | undefined {
  const reference = { instant: new Date(now), timezone: IANAZone.create(zone).offset(now) }
  return languages
    .flatMap((language) => language.parse(text, reference, { forwardDate: true }))
    .filter(({ index }) => index === 0)
    .sort((a, b) => b.text.length - a.text.length)[0]
}

function dayOf(start: ParsedComponents): string {
  const [year, month, day] = (['year', 'month', 'day'] as const).map((part) => start.get(part) ?? 0)
  return new Date(Date.UTC(year!, month! - 1, day)).toISOString().slice(0, 10)
}
