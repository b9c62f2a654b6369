import { UserError } from '../../errors.ts'

const minute = 60_000
const units: Readonly<Record<string, number>> = {
  m: minute,
  h: 60 * minute,
  d: 24 * 60 * minute,
  w: 7 * 24 * 60 * minute,
}
export const shortestMs = minute
export const longestMs = 60 * 24 * 60 * minute

/**
 * How long a contest goes on: "90 minutes", "2h", "3 days", "1 week".
 * @throws UserError 'bad-option' that says what can be written.
 */
export function durationOf(typed: string): number {
  const [, number, unit] = /^\s*(\d+(?:[.,]\d+)?)\s*(m|h|d|w)[a-z]*\s*$/i.exec(typed) ?? []
  const ms = Number(number?.replace(',', '.')) * (units[unit?.toLowerCase() ?? ''] ?? NaN)
  if (!Number.isFinite(ms))
    throw new UserError('bad-option', 'Please say how long as "30 minutes", "2 hours", "3 days" or "1 week".')
  if (ms < shortestMs || ms > longestMs)
    throw new UserError('bad-option', 'A contest lasts from one minute to 60 days.')
  return Math.round(ms)
}

/** When a contest ends, in ms since 1970: as its latest extension says, or as it was opened with. */
export function endOf(
  opened: number,
  extensions: readonly { readonly at: number; readonly ends: number }[],
): number {
  return extensions.reduce((latest, one) => (one.at >= latest.at ? one : latest), { at: 0, ends: opened })
    .ends
}

export const due = (ends: number, now: number): boolean => now >= ends
