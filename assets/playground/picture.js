/**
 * A posted picture: opens large, and has a menu (button, right click, long press or keyboard).
 * @import { FileRef } from '../../src/platforms/playground/message.ts'
 * @typedef {{ label: string, run: () => void }} Entry
 */
import { h, icon } from './dom.js'
import { t } from './language.js'
import { openMenu } from './menu.js'
import { drawTap } from './tap.js'
import { themedImage } from './theme.js'

const longPressMs = 500

/**
 * @param {FileRef} file
 * @param {{ open: () => void, entries: Entry[], place: import('./tap.js').Tap | undefined }} on `place`
 *   receives the point that is pressed, instead of the picture opening large
 * @param {readonly HTMLElement[]} [strips] buttons on top of the picture
 */
export function drawPicture(file, { open, entries, place }, strips = []) {
  const image = themedImage(file, { decoding: 'async', draggable: 'false' })
  image.addEventListener('error', () => picture.classList.add('missing'))
  const tap = place && drawTap(image, place)
  const large =
    tap?.button ??
    h(
      'button',
      {
        type: 'button',
        class: 'picture-open',
        'aria-label': t('page.picture.openThis', { alt: file.alt }),
        onclick: open,
      },
      image,
    )
  const more = h(
    'button',
    {
      type: 'button',
      class: 'picture-menu',
      'aria-haspopup': 'menu',
      'aria-label': t('page.picture.menu'),
    },
    icon('more'),
  )
  const show = () => openMenu(more, entries)
  more.addEventListener('click', show)
  const picture = h('figure', { class: 'picture' }, large, ...strips, more, tap?.hint)
  picture.addEventListener('contextmenu', (event) => {
    event.preventDefault()
    show()
  })
  onLongPress(large, show)
  return picture
}

/**
 * For touch screens that send no "contextmenu" event.
 * @param {HTMLElement} element
 * @param {() => void} run
 */
function onLongPress(element, run) {
  let timer = 0
  let ran = false
  const stop = () => clearTimeout(timer)
  element.addEventListener('pointerdown', ({ pointerType }) => {
    ran = false
    if (pointerType !== 'touch') return
    timer = setTimeout(() => {
      ran = true
      run()
    }, longPressMs)
  })
  for (const end of ['pointerup', 'pointercancel', 'pointermove', 'contextmenu'])
    element.addEventListener(end, stop)
  element.addEventListener(
    'click',
    (event) => {
      if (ran) event.stopImmediatePropagation()
      ran = false
    },
    { capture: true },
  )
}
