import { UserError } from '../errors.ts'
import type { TimeOfDay } from './clock.ts'
import { meaningOf, weekdayNames } from './typed.ts'

/** "18 Uhr", "18:30 Uhr" and "18 Uhr 30" as "18:00" and "18:30"; everything else as it is. */
export const withColons = (text: string): string =>
  text
    .replace(
      /(?<![\d:.])(\d{1,2})\s*uhr(?:\s*(\d{2}))?\b/gi,
      (_, hour: string, minute = '00') => `${hour}:${minute}`,
    )
    .replace(/\s*\buhr\b/gi, '')

/** "9:00", "09.30", "9am", "9:30 pm", "21h", "21h15", "18 Uhr", "noon", "Mitternacht". Undefined for anything else. */
export function timeOfDay(text: string): TimeOfDay | undefined {
  const typed = withColons(text).trim().toLowerCase()
  const named = meaningOf(typed, ['noon', 'midnight'])
  if (named) return { hour: named === 'noon' ? 12 : 0, minute: 0 }
  const match = /^(\d{1,2})(?:[:.h](\d{2})|(h))?\s*(?:([ap])\.?m\.?)?$/.exec(typed)
  if (!match) return undefined
  const [, hours, minutes, h, half] = match
  if (!minutes && !h && !half) return undefined // A bare number may be anything.
  const [hour, minute] = [Number(hours), Number(minutes ?? 0)]
  if (minute > 59 || (half ? hour < 1 || hour > 12 : hour > 23)) return undefined
  return { hour: half ? (hour % 12) + (half === 'p' ? 12 : 0) : hour, minute }
}

/** @throws UserError 'bad-option' if it is not a time of day. */
export function parseTime(text: string): TimeOfDay {
  const time = timeOfDay(text)
  if (!time) throw new UserError('bad-option', 'times.notTime', { values: { typed: text } })
  return time
}

/** "09:05". */
export const formatTime = ({ hour, minute }: TimeOfDay): string =>
  `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`

const everyDay = [1, 2, 3, 4, 5, 6, 7]
const weekdays = [1, 2, 3, 4, 5]
const groups = { daily: everyDay, weekdays, weekends: [6, 7] } as const

/** 1 for Monday to 7 for Sunday, from "mon", "tues", "Wednesdays" or "Mi"; undefined for anything else. */
export function dayOfWeek(text: string): number | undefined {
  const typed = text.trim().toLowerCase().replace(/s$/, '')
  if (typed.length < 2) return undefined
  const found = new Set(
    weekdayNames.flatMap((names) => names.flatMap((name, i) => (name.startsWith(typed) ? [i + 1] : []))),
  )
  return found.size === 1 ? [...found][0] : undefined
}

/**
 * Days of the week, 1 for Monday to 7 for Sunday: "daily", "weekdays", "weekends", "mon, wed, fri", "mon-fri",
 * "Monday to Friday", "werktags", "Mo–Fr".
 * @throws UserError 'bad-option' if a day is not understood.
 */
export function parseDays(text: string): number[] {
  const words = text
    .replace(/[,;.&+/]/g, ' ')
    .replace(/\p{Dash_Punctuation}/gu, ' - ')
    .split(/\s+/)
    .filter((word) => word !== '' && !meaningOf(word, ['on']))
    .map((word) => (meaningOf(word, ['to']) ? '-' : word))
    .join(' ')
    .replaceAll(' - ', '-')
    .split(' ')
  const days = words.flatMap((word) => {
    const group = meaningOf(word, ['daily', 'weekdays', 'weekends'])
    if (group) return groups[group]
    const ends = word.split('-').map(dayOfWeek)
    const [first, last] = [ends[0], ends.at(-1)]
    if (!first || !last || ends.length > 2) return badDays(text)
    return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, i) => ((first - 1 + i) % 7) + 1)
  })
  if (days.length === 0) return badDays(text)
  return [...new Set(days)].sort((a, b) => a - b)
}

function badDays(text: string): never {
  throw new UserError('bad-option', 'times.notDays', { values: { typed: text } })
}
