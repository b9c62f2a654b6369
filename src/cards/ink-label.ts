import { createCanvas, type Canvas, type SKRSContext2D } from '@napi-rs/canvas'
import type { RawPicture } from '../pictures/picture.ts'
import { bitmap, type Rect } from './canvas.ts'
import { font, handwriting } from './fonts.ts'
import { direction, oneLine } from './text.ts'

/** 'outline' is print with a black edge, which can be read on any ground. */
type LabelStyle = 'handwriting' | 'print' | 'outline'

/** A word to be written on a picture. Places and sizes are pixels of the picture. */
export interface InkLabel {
  readonly text: string
  /** Centre of the written ink; moved inwards if the label would cross the picture's edge. */
  readonly x: number
  readonly y: number
  /** Font size; reduced if the text would not fit the picture. */
  readonly size: number
  /** Degrees, clockwise. */
  readonly angle: number
  /** CSS colour of the ink. */
  readonly colour: string
  readonly style: LabelStyle
  /** Whether it is on a piece of paper of its own. */
  readonly paper: boolean
}

type Size = Pick<Rect, 'width' | 'height'>

/** Width outside the letters, relative to the font size: with 1.8 px on 20 px text, words cover what the paper's table says. */
const outlineWidth = 0.09
/** Padding and least height of a piece of paper, relative to the font size. */
const paper = { colour: '#fdfcf6', edge: '#c9c5b8', padding: 0.42, lowest: 0.7 }
/** A text takes at most this share of the picture's width and height. */
const largestShare = 0.96

/**
 * The picture with the labels written on it, one after the other. Pixels that no label covers stay the same to the bit,
 * and the same input always gives the same bytes.
 */
export function drawLabels({
  picture,
  labels,
}: {
  picture: RawPicture
  labels: readonly InkLabel[]
}): RawPicture {
  const canvas = bitmap(picture)
  const ctx = canvas.getContext('2d')
  for (const label of labels) {
    const text = oneLine(label.text)
    if (text !== '') drawLabel(ctx, { ...label, text }, picture)
  }
  return pixelsOf(canvas)
}

function drawLabel(ctx: SKRSContext2D, label: InkLabel, picture: RawPicture): void {
  const asked = turnedSize(label, label.size)
  const size =
    label.size *
    Math.min(1, (largestShare * picture.width) / asked.width, (largestShare * picture.height) / asked.height)
  const { width, height } = turnedSize(label, size)
  const ink = inkBox(label, size)
  ctx.save()
  ctx.translate(
    Math.min(picture.width - width / 2, Math.max(width / 2, label.x)),
    Math.min(picture.height - height / 2, Math.max(height / 2, label.y)),
  )
  ctx.rotate((label.angle * Math.PI) / 180)
  if (label.paper) drawPaper(ctx, paperSize(ink, size), size)
  ctx.translate(-ink.x - ink.width / 2, -ink.y - ink.height / 2)
  setInk(ctx, label, size)
  if (label.style === 'outline') {
    ctx.lineWidth = 2 * outlineWidth * size
    ctx.lineJoin = 'round'
    ctx.strokeStyle = '#000000'
    ctx.strokeText(label.text, 0, 0)
  }
  ctx.fillStyle = label.colour
  ctx.fillText(label.text, 0, 0)
  ctx.restore()
}

/** Size of a label's upright bounding box, its paper included. */
function turnedSize(label: InkLabel, size: number): Size {
  const ink = inkBox(label, size)
  const { width, height } = label.paper ? paperSize(ink, size) : ink
  const angle = (label.angle * Math.PI) / 180
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))]
  return { width: width * cos + height * sin, height: width * sin + height * cos }
}

function paperSize(ink: Size, size: number): Size {
  const padding = 2 * paper.padding * size
  return { width: ink.width + padding, height: Math.max(ink.height, paper.lowest * size) + padding }
}

function drawPaper(ctx: SKRSContext2D, { width, height }: Size, size: number): void {
  ctx.beginPath()
  ctx.roundRect(-width / 2, -height / 2, width, height, size * 0.06)
  ctx.fillStyle = paper.colour
  ctx.fill()
  ctx.strokeStyle = paper.edge
  ctx.lineWidth = Math.max(1, size * 0.03)
  ctx.stroke()
}

function setInk(ctx: SKRSContext2D, { text, style }: Pick<InkLabel, 'text' | 'style'>, size: number): void {
  ctx.lang = 'en'
  ctx.font = style === 'handwriting' ? handwriting(size) : font(size, 'bold')
  ctx.direction = direction(text)
  ctx.textAlign = 'left'
  ctx.textBaseline = 'alphabetic'
}

const ruler = createCanvas(1, 1).getContext('2d')

/** The bounding box of the ink of a text whose baseline starts at (0, 0), its outline included. */
function inkBox(label: Pick<InkLabel, 'text' | 'style'>, size: number): Rect {
  setInk(ruler, label, size)
  const box = ruler.measureText(label.text)
  const edge = label.style === 'outline' ? outlineWidth * size : 0
  return {
    x: -box.actualBoundingBoxLeft - edge,
    y: -box.actualBoundingBoxAscent - edge,
    width: box.actualBoundingBoxLeft + box.actualBoundingBoxRight + 2 * edge,
    height: box.actualBoundingBoxAscent + box.actualBoundingBoxDescent + 2 * edge,
  }
}

/** RGB of an opaque canvas. */
function pixelsOf(canvas: Canvas): RawPicture {
  const rgba = canvas.data()
  const data = new Uint8Array((rgba.length / 4) * 3)
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    data[to] = rgba[from]!
    data[to + 1] = rgba[from + 1]!
    data[to + 2] = rgba[from + 2]!
  }
  return { width: canvas.width, height: canvas.height, data }
}

/**
 * The eight words of the automatic attack of "Multimodal Neurons" (Goh et al. 2021; positions from its
 * small_attacks.json): white with a black edge, 20 px on a picture of 288 px. `corners` are the ink's top left ones.
 */
const attack = {
  side: 288,
  size: 20,
  corners: [
    [21, 24],
    [71, 49],
    [21, 74],
    [71, 99],
    [121, 124],
    [171, 149],
    [121, 174],
    [171, 199],
  ],
} as const

/** The paper's layout of a word, scaled to the centred square that the model sees of a picture of this size. */
export function attackLabels(text: string, width: number, height: number): InkLabel[] {
  const scale = Math.min(width, height) / attack.side
  const [left, top] = [(width - attack.side * scale) / 2, (height - attack.side * scale) / 2]
  const written = { text: oneLine(text), size: attack.size * scale, style: 'outline' } as const
  const ink = inkBox(written, written.size)
  return attack.corners.map(([x, y]) => ({
    ...written,
    x: left + x * scale + ink.width / 2,
    y: top + y * scale + ink.height / 2,
    angle: 0,
    colour: '#ffffff',
    paper: false,
  }))
}

/** The picture with the paper's eight words on it. */
export const drawAttack = ({ picture, text }: { picture: RawPicture; text: string }): RawPicture =>
  drawLabels({ picture, labels: attackLabels(text, picture.width, picture.height) })

const wordShares = { width: 0.86, height: 0.42, size: 0.3 }

/** A picture of nothing but a word, black on white and as large as fits. @param side in pixels */
export function drawWord({ word, side }: { word: string; side: number }): RawPicture {
  const canvas = createCanvas(side, side)
  const ctx = canvas.getContext('2d')
  ctx.fillStyle = '#ffffff'
  ctx.fillRect(0, 0, side, side)
  const text = oneLine(word)
  if (text === '') return pixelsOf(canvas)
  const label = { text, style: 'print' } as const
  const tried = inkBox(label, side)
  const size =
    side *
    Math.min(
      wordShares.size,
      (wordShares.width * side) / tried.width,
      (wordShares.height * side) / tried.height,
    )
  const ink = inkBox(label, size)
  setInk(ctx, label, size)
  ctx.fillStyle = '#000000'
  ctx.fillText(text, side / 2 - ink.x - ink.width / 2, side / 2 - ink.y - ink.height / 2)
  return pixelsOf(canvas)
}
