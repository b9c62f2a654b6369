/**
 * What messages say, in words: for screen readers and titles.
 * @import { FileRef, PageElement, PageMessage, PageSpan } from '../../src/platforms/playground/message.ts'
 */
import { locale, t } from './language.js'

/** @param {readonly PageSpan[]} spans */
export const textOf = (spans) => spans.map(({ text }) => text).join('')

/** @param {PageElement} element */
function wordsIn(element) {
  if (element.kind === 'picture') return element.picture.alt
  if (element.kind === 'gallery') return element.pictures.map(({ alt }) => alt).join(', ')
  return element.kind === 'heading' || element.kind === 'text' ? textOf(element.spans) : ''
}

/** @param {PageMessage} message */
export function wordsOf({ author, text, command, refusal, elements = [], progress }) {
  const said = [
    text,
    command && `/${command.path.join(' ')}`,
    refusal,
    progress?.text,
    ...elements.map(wordsIn),
  ].filter((part) => part)
  return `${author.name}: ${said.join('. ').slice(0, 600)}`
}

/** @param {PageMessage} message */
export const timeOf = ({ id }) => new Date(Number(id))

const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' })
const calendar = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' })

const moments = new Intl.DateTimeFormat(locale, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})

/** A moment in this browser's time zone. @param {number} at epoch milliseconds */
export const momentOf = (at) => moments.format(at)

/** @param {Date} time */
export const clockOf = (time) => clock.format(time)

/** @param {Date} time */
export function dayOf(time) {
  const day = 24 * 60 * 60 * 1000
  const today = new Date().setHours(0, 0, 0, 0)
  const ago = Math.round((today - new Date(time).setHours(0, 0, 0, 0)) / day)
  return ago === 0 ? t('page.today') : ago === 1 ? t('page.yesterday') : calendar.format(time)
}

/** @param {FileRef} file */
export const isPicture = ({ mimeType }) => mimeType.startsWith('image/')

const kilobytes = new Intl.NumberFormat(locale, {
  style: 'unit',
  unit: 'kilobyte',
  maximumFractionDigits: 0,
})
const megabytes = new Intl.NumberFormat(locale, {
  style: 'unit',
  unit: 'megabyte',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
})

/** @param {number} bytes */
export const sizeOf = (bytes) =>
  bytes < 1e6 ? kilobytes.format(Math.max(1, bytes / 1e3)) : megabytes.format(bytes / 1e6)
