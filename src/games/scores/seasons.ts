import { DateTime } from 'luxon'
import { UserError } from '../../errors.ts'
import { firstInstant, localDay } from '../clock.ts'
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
  if (text === 'all') return {}
  if (text === '' || text === 'season') {
    const season = currentSeason(seasons)
    if (season) return spanOf(season)
    if (text === '') return {}
    throw new UserError('bad-option', 'times.noSeason')
  }
  const here = DateTime.fromMillis(now, { zone })
  const unit = ({ today: 'day', week: 'week', month: 'month', year: 'year' } as const)[text]
  if (unit) return { from: firstInstant(here.startOf(unit).toFormat('yyyy-MM-dd'), start, zone) }
  const days = /^(\d{1,4}) ?d(ays?)?$/.exec(text)?.[1]
  if (days)
    return { from: firstInstant(localDay(here.minus({ days: Number(days) }).toMillis(), zone), start, zone) }
  const date = DateTime.fromFormat(text, 'yyyy-MM-dd', { zone })
  if (date.isValid) return { from: firstInstant(text, start, zone) }
  const season = seasons.find(({ name }) => name.toLowerCase() === text)
  if (season) return spanOf(season)
  throw new UserError('bad-option', 'times.notSince', { values: { typed: typed! } })
}

const spanOf = ({ opened, closed }: Season): Selection => ({
  from: opened,
  ...(closed !== undefined && { until: closed }),
})
