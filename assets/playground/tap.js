/**
 * Choosing a point of a picture: with a mouse or a finger, or with a marker that the arrow keys move.
 * @typedef {(chosen: [string, string]) => void} Tap x and y, 0 to 1 from the left and from the top
 */
import { h } from './dom.js'

/** How far a key moves the marker, as a share of the picture; with Shift a fine step. */
const step = 0.05
const fineStep = 0.01

/** @type {Readonly<Record<string, readonly [number, number]>>} */
const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** Where the last point was: the next drawing of the picture goes on from there. */
let [x, y] = [0.5, 0.5]
let hints = 0

/** @param {HTMLImageElement} image @param {Tap} place */
export function drawTap(image, place) {
  const id = `tap-hint-${(hints += 1)}`
  const marker = h('span', { class: 'tap-marker', 'aria-hidden': 'true' })
  const where = h('span', { class: 'tap-where', role: 'status' })
  const keys = h('span', { class: 'tap-keys' }, ', or move with the arrow keys and press Enter')
  const hint = h('figcaption', { class: 'tap-hint' }, h('span', { id }, 'Tap where the words shall go', keys))
  hint.append(where)
  const button = h(
    'button',
    {
      type: 'button',
      class: 'picture-open tap',
      'aria-label': `Place on this picture: ${image.alt}`,
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
    where.textContent = `${percent(x)} from the left, ${percent(y)} from the top`
  })
  button.addEventListener('click', ({ detail, clientX, clientY }) => {
    // A click that is none, but the Enter key or a screen reader, takes the marker's place.
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
