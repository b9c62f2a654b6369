/**
 * Words and pen strokes on a picture, drawn as the bot draws them (src/cards/ink-label.ts). All lengths are pixels of
 * the picture.
 * @typedef {'note' | 'label' | 'hand' | 'print' | 'outline'} Style
 * @typedef {{ kind: 'word', text: string, x: number, y: number, size: number, angle: number, colour: string, style: Style }} Word
 * @typedef {{ kind: 'stroke', points: [number, number][], width: number, colour: string }} Stroke
 * @typedef {Word | Stroke} Item
 * @typedef {{ x: number, y: number, width: number, height: number }} Box
 */

/** @type {Readonly<Record<Style, { family: string, paper: boolean, edge: boolean }>>} */
export const styles = {
  note: { family: 'Shantell Sans', paper: true, edge: false },
  label: { family: 'Inter', paper: true, edge: false },
  hand: { family: 'Shantell Sans', paper: false, edge: false },
  print: { family: 'Inter', paper: false, edge: false },
  outline: { family: 'Inter', paper: false, edge: true },
}

export const colours = {
  black: '#1b1b1f',
  white: '#ffffff',
  red: '#c8102e',
  orange: '#e8590c',
  green: '#12733a',
  blue: '#1746a2',
  pink: '#d6336c',
}

/** As shares of the letters' size. */
const outline = 0.09
const padding = 0.42
const lowest = 0.7

/** @param {Style} style @param {number} size */
const fontOf = (style, size) => `600 ${size}px "${styles[style].family}", system-ui, sans-serif`

/** Fonts must be loaded before any letter is measured. */
export const fontsReady = () =>
  Promise.all(Object.values(styles).map(({ family }) => document.fonts.load(`600 20px "${family}"`, 'a')))

/** @param {CanvasRenderingContext2D} ctx @param {readonly Item[]} items */
export function drawItems(ctx, items) {
  ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height)
  for (const item of items) {
    ctx.save()
    if (item.kind === 'word') drawWord(ctx, item)
    else drawStroke(ctx, item)
    ctx.restore()
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {Word} word */
function drawWord(ctx, word) {
  const { text, x, y, size, angle, colour, style } = word
  const ink = inkOf(ctx, word)
  ctx.translate(x, y)
  ctx.rotate((angle * Math.PI) / 180)
  if (styles[style].paper) {
    const { width, height } = sizeOf(ctx, word)
    ctx.beginPath()
    ctx.roundRect(-width / 2, -height / 2, width, height, size * 0.06)
    ctx.fillStyle = '#fdfcf6'
    ctx.fill()
    ctx.strokeStyle = '#c9c5b8'
    ctx.lineWidth = Math.max(1, size * 0.03)
    ctx.stroke()
  }
  ctx.translate(-ink.x - ink.width / 2, -ink.y - ink.height / 2)
  if (styles[style].edge) {
    ctx.lineWidth = 2 * outline * size
    ctx.lineJoin = 'round'
    ctx.strokeStyle = colour === colours.black ? '#ffffff' : '#000000'
    ctx.strokeText(text, 0, 0)
  }
  ctx.fillStyle = colour
  ctx.fillText(text, 0, 0)
}

/** @param {CanvasRenderingContext2D} ctx @param {Stroke} stroke */
function drawStroke(ctx, { points, width, colour }) {
  ctx.lineWidth = width
  ctx.lineCap = 'round'
  ctx.lineJoin = 'round'
  ctx.strokeStyle = colour
  ctx.beginPath()
  const [[left, top] = [0, 0]] = points
  ctx.moveTo(left, top)
  for (const [x, y] of points) ctx.lineTo(x, y)
  ctx.stroke()
}

/** The ink of a word that starts at (0, 0) on its baseline. @param {CanvasRenderingContext2D} ctx @param {Word} word @returns {Box} */
function inkOf(ctx, { text, style, size }) {
  ctx.font = fontOf(style, size)
  const box = ctx.measureText(text)
  const edge = styles[style].edge ? outline * size : 0
  return {
    x: -box.actualBoundingBoxLeft - edge,
    y: -box.actualBoundingBoxAscent - edge,
    width: box.actualBoundingBoxLeft + box.actualBoundingBoxRight + 2 * edge,
    height: box.actualBoundingBoxAscent + box.actualBoundingBoxDescent + 2 * edge,
  }
}

/** The space that a word takes, including its paper, before it is rotated. @param {CanvasRenderingContext2D} ctx @param {Word} word */
export function sizeOf(ctx, word) {
  const ink = inkOf(ctx, word)
  if (!styles[word.style].paper) return { width: ink.width, height: ink.height }
  const around = 2 * padding * word.size
  return { width: ink.width + around, height: Math.max(ink.height, lowest * word.size) + around }
}

/** Whether a point is on a word, or close enough that a finger meant it. @param {CanvasRenderingContext2D} ctx @param {Word} word @param {readonly [number, number]} point @param {number} reach */
export function isOn(ctx, word, [x, y], reach) {
  const angle = (-word.angle * Math.PI) / 180
  const [dx, dy] = [x - word.x, y - word.y]
  const { width, height } = sizeOf(ctx, word)
  return (
    Math.abs(dx * Math.cos(angle) - dy * Math.sin(angle)) <= Math.max(width / 2, reach) &&
    Math.abs(dx * Math.sin(angle) + dy * Math.cos(angle)) <= Math.max(height / 2, reach)
  )
}
