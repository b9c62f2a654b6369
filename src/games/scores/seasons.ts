import { DateTime } from 'luxon'
import { UserError } from '../../errors.ts'
import { firstInstant, localDay } from '../clock.ts'
import { meaningOf } from '../typed.ts'
import type { Selection } from './table.ts'

/** A season that a moderator opened. JSON-safe. */
export interface Season {
  readonly name: string
  /** In milliseconds since 1970. */
  readonly opened: number
  /** Absent while it is running. */
  readonly closed?: number
}

/** The running season; if there are several (a race may open two), the one that was opened first. */
export const currentSeason = (seasons: readonly Season[]): Season | undefined =>
  seasons.filter(({ closed }) => closed === undefined).toSorted((a, b) => a.opened - b.opened)[0]

const start = { hour: 0, minute: 0 }

/** The stretch of time that is meant, in any of our languages: "this week", "heute". */
export const stretchOf = (typed: string) => meaningOf(typed.trim(), ['today', 'week', 'month', 'year', 'all'])

/**
 * Which points `since:` asks for. Nothing typed means the running season, or else everything; "all" means everything;
 * "today", "week" and "month" begin with the day, Monday and the first of the month in the community's time zone; "7d" is
 * that many days back, "2026-05-01" a day, and anything else the name of a season.
 * @throws UserError 'bad-option' if it is none of these.
 */
export function parseSince(
  typed: string | undefined,
  {
    seasons,
    now,
    zone,
  }: { readonly seasons: readonly Season[]; readonly now: number; readonly zone: string },
): Selection {
  const text = typed?.trim().toLowerCase() ?? ''
  const meant = stretchOf(text)
  if (meant === 'all') return {}
  if (text === '' || meaningOf(text, ['season'])) {
    const season = currentSeason(seasons)
    if (season) return spanOf(season)
    if (text === '') return {}
    throw new UserError('bad-option', 'times.noSeason')
  }
  const here = DateTime.fromMillis(now, { zone })
  if (meant) {
    const unit = meant === 'today' ? 'day' : meant
    return { from: firstInstant(here.startOf(unit).toFormat('yyyy-MM-dd'), start, zone) }
  }
  const [, days, unit = ''] = /^(\d{1,4}) ?(\p{L}+)$/u.exec(text) ?? []
  if (days && meaningOf(unit, ['days']))
    return { from: firstInstant(localDay(here.minus({ days: Number(days) }).toMillis(), zone), start, zone) }
  const date = ['yyyy-MM-dd', 'd.M.yyyy']
    .map((format) => DateTime.fromFormat(text, format, { zone }))
    .find(({ isValid }) => isValid)
  if (date) return { from: firstInstant(date.toFormat('yyyy-MM-dd'), start, zone) }
  const season = seasons.find(({ name }) => name.toLowerCase() === text)
  if (season) return spanOf(season)
  throw new UserError('bad-option', 'times.notSince', { values: { typed: typed! } })
}

const spanOf = ({ opened, closed }: Season): Selection => ({
  from: opened,
  ...(closed !== undefined && { until: closed }),
})
