/**
 * Choosing a point of a picture: with a mouse or a finger, or with a marker that the arrow keys move.
 * @typedef {(chosen: [string, string]) => void} Tap x and y, 0 to 1 from the left and from the top
 */
import { h } from './dom.js'
import { t } from './language.js'

/** How far a key moves the marker, as a share of the picture; with Shift a finer step. */
const step = 0.05
const fineStep = 0.01

/** @type {Readonly<Record<string, readonly [number, number]>>} */
const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** The last point: when the picture is next drawn, the marker starts from there. */
let [x, y] = [0.5, 0.5]
let hints = 0

/** @param {HTMLImageElement} image @param {Tap} place */
export function drawTap(image, place) {
  const id = `tap-hint-${(hints += 1)}`
  const marker = h('span', { class: 'tap-marker', 'aria-hidden': 'true' })
  const where = h('span', { class: 'tap-where', role: 'status' })
  const how = matchMedia('(hover: none)').matches ? t('page.tap.hint') : t('page.tap.hintWithKeys')
  const hint = h('figcaption', { class: 'tap-hint' }, h('span', { id }, how))
  hint.append(where)
  const button = h(
    'button',
    {
      type: 'button',
      class: 'picture-open tap',
      'aria-label': t('page.tap.place', { alt: image.alt }),
      'aria-describedby': id,
    },
    image,
    marker,
  )
  /** @param {number} left @param {number} top */
  const move = (left, top) => {
    x = within(left)
    y = within(top)
    marker.style.setProperty('--x', String(x))
    marker.style.setProperty('--y', String(y))
  }
  move(x, y)
  button.addEventListener('keydown', (event) => {
    const direction = directions[event.key]
    if (!direction) return
    event.preventDefault()
    const far = event.shiftKey ? fineStep : step
    move(x + direction[0] * far, y + direction[1] * far)
    where.textContent = t('page.tap.where', { x: percent(x), y: percent(y) })
  })
  button.addEventListener('click', ({ detail, clientX, clientY }) => {
    // A "click" by the Enter key or a screen reader chooses the point where the marker is.
    if (detail > 0) {
      const { left, top, width, height } = image.getBoundingClientRect()
      move((clientX - left) / width, (clientY - top) / height)
    }
    button.classList.add('placed')
    place([String(x), String(y)])
  })
  return { button, hint }
}

/** @param {number} share */
const within = (share) => Number(Math.min(1, Math.max(0, share)).toFixed(4))

/** @param {number} share */
const percent = (share) => `${Math.round(share * 100)} %`
