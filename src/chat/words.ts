import type { Translate } from '../language.ts'
import { momentMark } from './markup.ts'
import type { Button } from './reply.ts'

export { inSigma, percent } from '../cards/card.ts'
export { capitalised } from '../text.ts'

/** "1 minute", "2 hours", "3 days": the largest unit that says it. */
export function duration(ms: number, t: Translate): string {
  const minutes = Math.max(1, Math.round(ms / 60_000))
  if (minutes < 100) return t('words.minutes', { count: minutes })
  return minutes < 48 * 60
    ? t('words.hours', { count: Math.round(minutes / 60) })
    : t('words.days', { count: Math.round(minutes / 1440) })
}

/** "Tue, 24 Nov 2026, 20:39 UTC". */
export const moment = (at: number, t: Translate): string =>
  `${new Intl.DateTimeFormat(localeOf(t), { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' }).format(at)} UTC`

/** "24 Nov 2026", by the bot's clock, in one piece. */
export const day = (at: number, t: Translate): string =>
  new Intl.DateTimeFormat(localeOf(t), { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
    .format(at)
    .replaceAll(' ', '\u00a0')

/** "a, b or c": English as in Europe, without a comma before "or". */
export const anyOf = (list: readonly string[], t: Translate): string =>
  new Intl.ListFormat(localeOf(t), { type: 'disjunction' }).format(list)

/** English as in Europe, because the bot's clock has 24 hours. */
const localeOf = ({ language }: Translate): string => (language === 'en' ? 'en-GB' : language)

/** The same in a reply's markup, for the reader's own clock if the platform knows it. */
export const momentHere = (at: number, t: Translate): string => momentMark(at, moment(at, t))

/** One page of a list. */
export interface PageOf<T> {
  readonly shown: readonly T[]
  /** From 1; the nearest there is to the one that was asked for. */
  readonly page: number
  readonly pages: number
}

export function pageOf<T>(list: readonly T[], asked: number, perPage: number): PageOf<T> {
  const pages = Math.max(1, Math.ceil(list.length / perPage))
  const page = Math.min(Math.max(1, asked), pages)
  return { shown: list.slice((page - 1) * perPage, page * perPage), page, pages }
}

/** "Back" and "Next", if there is more than one page. @param idOf the id of the button that turns to a page */
export function pager(
  { page, pages }: PageOf<unknown>,
  idOf: (page: number) => string,
  t: Translate,
): Button[] {
  if (pages === 1) return []
  return [
    { id: idOf(page - 1), label: t('words.back'), disabled: page === 1 },
    { id: idOf(page + 1), label: t('words.next'), disabled: page === pages },
  ]
}
