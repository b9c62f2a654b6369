import { DateTime } from 'luxon'
import { UserError } from '../errors.ts'

/** IANA names without the historical aliases, and UTC. */
const names: readonly string[] = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])]

export interface ZoneChoice {
  /** IANA name. */
  readonly value: string
  /** The name with its time of day, by which people know theirs: "Europe/Berlin, now 14:05". */
  readonly label: string
}

/** Time zones for what was typed so far: city or region, part of a name, or the time of day there; best first. */
export function timeZones(typed: string, now: number, limit = 25): ZoneChoice[] {
  const wanted = plain(typed)
  return names
    .map((value) => ({ value, label: `${value.replaceAll('_', ' ')}, now ${timeIn(value, now)}` }))
    .map((choice) => ({ choice, rank: rankOf(choice, wanted) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank || (a.choice.value < b.choice.value ? -1 : 1))
    .slice(0, limit)
    .map(({ choice }) => choice)
}

/**
 * The IANA name of a time zone, in whatever case it was typed; a city alone will do where only one zone has it.
 * @throws UserError 'bad-option' with what might have been meant.
 */
export function parseTimeZone(typed: string): string {
  const wanted = plain(typed)
  const exact = names.find((name) => plain(name) === wanted)
  if (exact) return exact
  const cities = names.filter((name) => plain(name.split('/').at(-1)!) === wanted)
  if (cities.length === 1) return cities[0]!
  // Aliases such as Asia/Calcutta are valid, though they are not offered.
  if (typed.includes('/') && DateTime.local({ zone: typed.trim().replaceAll(' ', '_') }).isValid)
    return typed.trim().replaceAll(' ', '_')
  const near = timeZones(typed, 0, 3).map(({ value }) => value)
  throw new UserError(
    'bad-option',
    near.length > 0
      ? `"${typed}" is not a time zone; did you mean ${near.join(' or ')}?`
      : `"${typed}" is not a time zone; write one like Europe/Berlin or America/New_York.`,
  )
}

const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')

const timeIn = (zone: string, at: number): string => DateTime.fromMillis(at, { zone }).toFormat('HH:mm')

function rankOf({ value, label }: ZoneChoice, wanted: string): number {
  const name = plain(value)
  const city = plain(value.split('/').at(-1)!)
  if (city.startsWith(wanted)) return 0
  if (name.startsWith(wanted)) return 1
  if (name.includes(wanted)) return 2
  return wanted.includes(':') && label.includes(wanted) ? 3 : Infinity
}
