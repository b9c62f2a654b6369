import type { ContestEntry } from './records.ts'

/** "3.2 %", "83 %": two digits are enough. */
export function percent(share: number): string {
  const value = share * 100
  if (value > 0 && value < 0.1) return '<0.1 %'
  if (value > 99.9 && value < 100) return '>99.9 %'
  return `${value >= 10 || value === 0 ? Math.round(value) : value.toFixed(1)} %`
}

/** "Tue, 24 Nov 2026, 20:39 UTC" */
export const moment = (at: number): string =>
  `${new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' }).format(at)} UTC`

/** "2 hours", "3 days": the largest unit that says it. */
export function span(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000))
  const [count, unit] =
    minutes < 100
      ? [minutes, 'minute']
      : minutes < 48 * 60
        ? [Math.round(minutes / 60), 'hour']
        : [Math.round(minutes / 1440), 'day']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** What an entry is ranked by: "3.2 % ink", or "41 %". */
export const valueOf = ({ verdict }: ContestEntry): string =>
  verdict.kind === 'edited' && verdict.fools ? `${percent(verdict.ink)} ink` : percent(verdict.probability)

/** "fools it: pizza 83 %" */
export const outcome = (target: string, { verdict }: ContestEntry): string =>
  verdict.fools
    ? `fools it: ${target} ${percent(verdict.probability)}`
    : `not fooled: ${target} ${percent(verdict.probability)}${verdict.kind === 'edited' ? `, ${percent(verdict.ink)} ink` : ''}`
