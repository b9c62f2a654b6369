/**
 * The picture that is drawn on: words can be dragged and pinched, the pen draws, and keys do both.
 * @import { Sketch } from './sketch.js'
 */
import { h } from '../dom.js'
import { t } from '../language.js'
import { drawItems, isOn, sizeOf } from './items.js'

/** How far a key moves, as a share of the picture's shorter side; with Shift a finer step. */
const step = 0.04
const fineStep = 0.01
const turnBy = 5
const grow = 1.12
/** A finger this close to a word, in CSS pixels, means the word. */
const fingerPx = 24

/** @type {Readonly<Record<string, readonly [number, number]>>} */
const directions = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/**
 * @param {HTMLImageElement} image loaded
 * @param {Sketch} sketch
 * @param {() => void} changed
 */
export function drawStage(image, sketch, changed) {
  const { naturalWidth: width, naturalHeight: height } = image
  const canvas = h('canvas', { width, height })
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
  const frame = h('span', { class: 'sketch-frame', 'aria-hidden': 'true' })
  const nib = h('span', { class: 'sketch-nib', 'aria-hidden': 'true' })
  const surface = h(
    'div',
    {
      class: 'sketch-surface',
      tabindex: '0',
      role: 'application',
      'aria-label': t('page.sketch.picture', { alt: image.alt }),
      'aria-describedby': 'sketch-keys',
    },
    image,
    canvas,
    frame,
    nib,
  )
  surface.style.setProperty('--ratio', String(width / height))
  /** Where the pen is when keys move it. @type {[number, number]} */
  let pen = [width / 2, height / 2]
  let penDown = false

  const redraw = () => {
    drawItems(ctx, sketch.items)
    const { word } = sketch
    frame.hidden = !word || sketch.tool === 'pen'
    nib.hidden = sketch.tool !== 'pen'
    nib.classList.toggle('down', penDown)
    surface.classList.toggle('pen', sketch.tool === 'pen')
    place(nib, { x: pen[0], y: pen[1] })
    if (!word) return
    place(frame, { ...word, ...sizeOf(ctx, word) })
    frame.style.setProperty('--angle', `${word.angle}deg`)
  }
  /** @param {HTMLElement} element @param {{ x: number, y: number, width?: number, height?: number }} at */
  const place = (element, { x, y, width: wide = 0, height: high = 0 }) => {
    for (const [name, share] of Object.entries({
      x: x / width,
      y: y / height,
      w: wide / width,
      h: high / height,
    }))
      element.style.setProperty(`--${name}`, `${share * 100}%`)
  }
  const done = () => {
    redraw()
    changed()
  }

  /** @param {{ clientX: number, clientY: number }} event @returns {[number, number]} */
  const pointOf = ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect()
    return [((clientX - box.left) / box.width) * width, ((clientY - box.top) / box.height) * height]
  }
  /** Fingers and buttons that are pressed. @type {Map<number, [number, number]>} */
  const down = new Map()
  /** The offset from the word's middle to the finger. @type {[number, number]} */
  let held = [0, 0]
  /** The state when a pinch began. @type {{ apart: number, angle: number, size: number, turned: number } | undefined} */
  let pinch

  const between = () => {
    const [[ax, ay] = [0, 0], [bx, by] = [0, 0]] = [...down.values()]
    return { apart: Math.hypot(bx - ax, by - ay), angle: (Math.atan2(by - ay, bx - ax) * 180) / Math.PI }
  }

  surface.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    const point = pointOf(event)
    surface.setPointerCapture(event.pointerId)
    down.set(event.pointerId, point)
    if (sketch.tool === 'pen') {
      if (down.size > 1) return
      sketch.step()
      sketch.draw(point)
      pen = point
      return done()
    }
    if (down.size === 2 && sketch.word) {
      const { size, angle: turned } = sketch.word
      pinch = { ...between(), size, turned }
      return
    }
    if (down.size > 1) return
    sketch.step()
    const reach = (fingerPx / canvas.getBoundingClientRect().width) * width
    const words = sketch.items.filter((item) => item.kind === 'word')
    const hit = words.findLast((word) => isOn(ctx, word, point, reach))
    if (hit) sketch.select(hit)
    else sketch.moveTo(...point)
    if (sketch.word) held = [sketch.word.x - point[0], sketch.word.y - point[1]]
    done()
  })
  surface.addEventListener('pointermove', (event) => {
    if (!down.has(event.pointerId)) return
    const events = sketch.tool === 'pen' ? (event.getCoalescedEvents?.() ?? []) : []
    const point = pointOf(event)
    down.set(event.pointerId, point)
    if (sketch.tool === 'pen') {
      for (const each of events.length > 0 ? events : [event]) sketch.drawTo(pointOf(each))
      pen = point
    } else if (pinch && down.size === 2) {
      const { apart, angle } = between()
      sketch.resize((pinch.size * apart) / Math.max(1, pinch.apart))
      sketch.turn(pinch.turned + angle - pinch.angle)
    } else if (down.size === 1) sketch.moveTo(point[0] + held[0], point[1] + held[1])
    done()
  })
  for (const end of ['pointerup', 'pointercancel'])
    surface.addEventListener(end, (event) => {
      if (!(event instanceof PointerEvent) || !down.delete(event.pointerId)) return
      pinch = undefined
      // The remaining finger continues from where it is.
      const [rest] = down.values()
      if (rest && sketch.word) held = [sketch.word.x - rest[0], sketch.word.y - rest[1]]
    })
  surface.addEventListener(
    'wheel',
    (event) => {
      if (!sketch.word || sketch.tool === 'pen') return
      event.preventDefault()
      sketch.step()
      sketch.resize(sketch.word.size * (event.deltaY < 0 ? grow : 1 / grow))
      done()
    },
    { passive: false },
  )

  surface.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const direction = directions[event.key]
    const far = sketch.side * (event.shiftKey ? fineStep : step)
    const { word } = sketch
    if (sketch.tool === 'pen') {
      if (event.key === ' ' || event.key === 'Enter') {
        penDown = !penDown
        if (penDown) {
          sketch.step()
          sketch.draw(pen)
        }
      } else if (direction) {
        const [x, y] = pen
        pen = [
          Math.min(width, Math.max(0, x + direction[0] * far)),
          Math.min(height, Math.max(0, y + direction[1] * far)),
        ]
        if (penDown) sketch.drawTo(pen)
      } else return
    } else {
      if (!word) return
      sketch.step()
      if (direction) sketch.moveTo(word.x + direction[0] * far, word.y + direction[1] * far)
      else if (event.key === '+' || event.key === '=') sketch.resize(word.size * grow)
      else if (event.key === '-') sketch.resize(word.size / grow)
      else if (event.key === ']') sketch.turn(word.angle + turnBy)
      else if (event.key === '[') sketch.turn(word.angle - turnBy)
      else if (event.key === 'Delete' || event.key === 'Backspace') sketch.removeWord()
      else return
    }
    event.preventDefault()
    done()
  })
  return {
    surface,
    redraw,
    /** The drawing by itself, in the form that is judged. @returns {Promise<File>} */
    file: () =>
      new Promise((resolve, reject) =>
        canvas.toBlob(
          (blob) =>
            blob
              ? resolve(new File([blob], 'drawing.png', { type: 'image/png' }))
              : reject(new Error('the drawing could not be saved')),
          'image/png',
        ),
      ),
    liftPen: () => (penDown = false),
  }
}
