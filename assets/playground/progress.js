/**
 * What a message shows while its answer is being made.
 * @import { PageProgress } from '../../src/platforms/playground/message.ts'
 */
import { find, h } from './dom.js'
import { t } from './language.js'

/**
 * Shows progress in the slot of a message. The node stays for as long as there is progress, so that it fades in
 * once and keeps the focus; the growing picture is swapped only once the next one is decoded, so it never flickers.
 * @param {Element} slot
 * @param {PageProgress | undefined} progress
 * @param {(() => void) | undefined} cancel if this person may
 */
export function showProgress(slot, progress, cancel) {
  if (!progress) return slot.replaceChildren()
  const shown = slot.querySelector('.progress') ?? slot.appendChild(drawProgress(cancel))
  const { text, fraction, picture } = progress
  const percent = fraction === undefined ? undefined : Math.round(fraction * 100)
  find('.doing', HTMLElement, shown).textContent = text
  find('.percent', HTMLElement, shown).textContent = percent === undefined ? '' : ` ${percent} %`
  const bar = find('.progress-bar', HTMLElement, shown)
  bar.classList.toggle('unknown', percent === undefined)
  bar.setAttribute('aria-label', text)
  bar.style.setProperty('--share', String(fraction ?? 0))
  if (percent === undefined) bar.removeAttribute('aria-valuenow')
  else bar.setAttribute('aria-valuenow', String(percent))
  if (picture) void grow(shown, picture)
}

/** @param {(() => void) | undefined} cancel */
const drawProgress = (cancel) =>
  h(
    'div',
    { class: 'progress' },
    h(
      'p',
      {},
      h('span', { class: 'doing' }),
      h('span', { class: 'percent' }),
      cancel && h('button', { type: 'button', class: 'link cancel', onclick: cancel }, t('page.cancel')),
    ),
    h(
      'div',
      { class: 'progress-bar', role: 'progressbar', 'aria-valuemin': 0, 'aria-valuemax': 100 },
      h('span', {}),
    ),
  )

/** @param {Element} shown @param {NonNullable<PageProgress['picture']>} picture */
async function grow(shown, picture) {
  if (shown.getAttribute('data-newest') === picture.id) return
  shown.setAttribute('data-newest', picture.id)
  const image = h('img', { class: 'growing', src: `/files/${picture.id}`, alt: picture.alt })
  await image.decode().catch(() => {})
  // A later one may have arrived in the meantime.
  if (shown.getAttribute('data-newest') !== picture.id) return
  const standing = shown.querySelector('.growing')
  if (standing) standing.replaceWith(image)
  else shown.prepend(image)
}
