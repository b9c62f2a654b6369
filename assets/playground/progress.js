/**
 * What a message shows while its answer is being made.
 * @import { PageProgress } from '../../src/platforms/playground/message.ts'
 */
import { h } from './dom.js'

/**
 * @param {PageProgress} progress
 * @param {(() => void) | undefined} cancel where this person may
 */
export function drawProgress({ text, fraction, place, picture }, cancel) {
  const percent = fraction === undefined ? undefined : Math.round(fraction * 100)
  const bar = h(
    'div',
    {
      class: percent === undefined ? 'progress-bar unknown' : 'progress-bar',
      role: 'progressbar',
      'aria-label': text,
      'aria-valuemin': 0,
      'aria-valuemax': 100,
      'aria-valuenow': percent,
    },
    h('span', {}),
  )
  bar.style.setProperty('--share', String(fraction ?? 0))
  const line = place === undefined ? '' : place === 1 ? 'You are next. ' : `Number ${place} in line. `
  return h(
    'div',
    { class: 'progress' },
    picture && h('img', { class: 'growing', src: `/files/${picture.id}`, alt: picture.alt }),
    h(
      'p',
      {},
      `${line}${text}`,
      percent !== undefined && h('span', { class: 'percent' }, ` ${percent} %`),
      cancel && h('button', { type: 'button', class: 'link cancel', onclick: cancel }, 'Cancel'),
    ),
    bar,
  )
}

/**
 * Shows progress in the slot of a message, and keeps the picture that grows from flickering.
 * @param {Element} slot
 * @param {PageProgress | undefined} progress
 * @param {(() => void) | undefined} cancel
 */
export function showProgress(slot, progress, cancel) {
  if (!progress) return slot.replaceChildren()
  const next = drawProgress(progress, cancel)
  const focused = slot.contains(document.activeElement)
  const swap = () => {
    slot.replaceChildren(next)
    if (focused) slot.querySelector('button')?.focus({ preventScroll: true })
  }
  const image = next.querySelector('img')
  if (!image) return swap()
  const newest = (slot.getAttribute('data-newest') ?? '') + 'i'
  slot.setAttribute('data-newest', newest)
  void image
    .decode()
    .catch(() => {})
    .then(() => slot.getAttribute('data-newest') === newest && swap())
}
