import { rawTimeZones, timeZonesNames } from '@vvo/tzdb'
import { DateTime } from 'luxon'
import { UserError } from '../errors.ts'
import { english, type Translate } from '../language.ts'
import { withoutAccents } from '../text.ts'

/** By their current names: "Asia/Kolkata". JavaScript's own list has each zone's oldest name. */
const today: readonly string[] = ['UTC', ...timeZonesNames]
/** By both names, so that people who still write "Asia/Calcutta" find theirs. */
const names: readonly string[] = [...new Set([...today, ...Intl.supportedValuesOf('timeZone')])]
const byPlainName = new Map(names.map((name) => [plain(name), name] as const))
/** Large cities that no zone is named after: Mumbai's is Asia/Kolkata. */
const cities = new Map(
  rawTimeZones.flatMap(({ name, mainCities }) => mainCities.map((city) => [plain(city), name] as const)),
)
/** What people call UTC. */
const coordinated = new Set(['gmt', 'z', 'zulu'])

export interface ZoneChoice {
  /** IANA name. */
  readonly value: string
  /** The name with its time of day, by which people know theirs: "Europe/Berlin, now 14:05". */
  readonly label: string
}

/** Time zones for what was typed so far: city or region, part of a name, or the time of day there; best first. */
export function timeZones(typed: string, now: number, t: Translate = english, limit = 25): ZoneChoice[] {
  const wanted = plain(typed)
  return names
    .map((value) => ({
      value,
      label: t('times.zone', { zone: value.replaceAll('_', ' '), time: timeIn(value, now) }),
    }))
    .map((choice) => ({ choice, rank: rankOf(choice, wanted) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank || (a.choice.value < b.choice.value ? -1 : 1))
    .slice(0, limit)
    .map(({ choice }) => choice)
}

/**
 * The IANA name of a time zone, typed in any case; a city is enough if only one zone has it. Undefined for anything else.
 */
export function timeZoneOf(typed: string): string | undefined {
  const wanted = plain(typed)
  if (coordinated.has(wanted)) return 'UTC'
  const exact = byPlainName.get(wanted)
  if (exact) return exact
  // Current names first: Buenos Aires has long been in America/Argentina.
  for (const list of [today, names]) {
    const found = list.filter((name) => cityOf(name) === wanted)
    if (found.length === 1) return found[0]
  }
  // Other aliases, such as US/Eastern, are valid but not offered.
  const alias = typed.trim().replaceAll(' ', '_')
  return (
    cities.get(wanted) ?? (alias.includes('/') && DateTime.local({ zone: alias }).isValid ? alias : undefined)
  )
}

/**
 * As timeZoneOf.
 * @throws UserError 'bad-option' with what might have been meant.
 */
export function parseTimeZone(typed: string): string {
  const zone = timeZoneOf(typed)
  if (zone) return zone
  const near = timeZones(typed, 0, english, 3).map(({ value }) => value)
  if (near.length === 0) throw new UserError('bad-option', 'times.notZone', { values: { typed } })
  throw new UserError('bad-option', 'times.nearZones', { values: { typed, zones: near.join(', ') } })
}

function plain(text: string): string {
  return withoutAccents(text)
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
}

const cityOf = (zone: string): string => plain(zone.split('/').at(-1)!)

const timeIn = (zone: string, at: number): string => DateTime.fromMillis(at, { zone }).toFormat('HH:mm')

function rankOf({ value, label }: ZoneChoice, wanted: string): number {
  const name = plain(value)
  if (cityOf(value).startsWith(wanted)) return 0
  if (name.startsWith(wanted)) return 1
  if (name.includes(wanted) || cities.get(wanted) === value) return 2
  return wanted.includes(':') && label.includes(wanted) ? 3 : Infinity
}
