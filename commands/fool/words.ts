import type { ContestEntry } from './records.ts'

/** "3.2 %", "83 %": two digits are enough. */
export function percent(share: number): string {
  const value = share * 100
  if (value > 0 && value < 0.1) return '<0.1 %'
  if (value > 99.9 && value < 100) return '>99.9 %'
  return `${value >= 10 || value === 0 ? Math.round(value) : value.toFixed(1)} %`
}

/**
 * How much of what the writing adds to the target is gone once the writing is mirrored, 0 to 1: read rather than seen.
 * Undefined where the writing adds less than a hundredth.
 */
export function readShare({
  probability,
  mirrored,
  blurred,
}: Pick<ContestEntry, 'probability' | 'mirrored' | 'blurred'>): number | undefined {
  const added = probability - blurred
  return added < 0.01 ? undefined : Math.max(0, Math.min(1, (probability - mirrored) / added))
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
export const valueOf = ({ class: of, fools, ink, probability }: ContestEntry): string =>
  of === 'edit' && fools && ink !== undefined ? `${percent(ink)} ink` : percent(probability)

/** "fools it: pizza 83 %" */
export const outcome = (target: string, { fools, probability, ink }: ContestEntry): string =>
  fools
    ? `fools it: ${target} ${percent(probability)}`
    : `not fooled: ${target} ${percent(probability)}${ink === undefined ? '' : `, ${percent(ink)} ink`}`
