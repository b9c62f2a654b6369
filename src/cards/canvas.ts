import {
  createCanvas,
  ImageData,
  loadImage,
  type Canvas,
  type Image,
  type SKRSContext2D,
} from '@napi-rs/canvas'
import type { RawPicture } from '../pictures/picture.ts'

/** Pixels, or an encoded file that the project made or checked itself: a thumbnail, a visualisation. */
export type CardPicture = RawPicture | Uint8Array

const thinnestBar = 4
/** Alpha of a pixel whose four bytes are written at once, little-endian: the drawing library has no big-endian builds. */
const opaque = 0xff000000

export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Pixels as a canvas that can be drawn on another. */
export function bitmap({ width, height, data }: RawPicture): Canvas {
  const rgba = new Uint32Array(width * height)
  for (let from = 0, to = 0; to < rgba.length; from += 3, to++) {
    rgba[to] = opaque | (data[from + 2]! << 16) | (data[from + 1]! << 8) | data[from]!
  }
  const canvas = createCanvas(width, height)
  canvas.getContext('2d').putImageData(new ImageData(new Uint8ClampedArray(rgba.buffer), width, height), 0, 0)
  return canvas
}

/** Opens a picture for drawing; encoded ones are decoded once they are drawn. */
export const open = async (picture: CardPicture): Promise<Canvas | Image> =>
  picture instanceof Uint8Array ? loadImage(picture) : bitmap(picture)

export function roundedBox(ctx: SKRSContext2D, box: Rect, radius: number, colour: string): void {
  ctx.fillStyle = colour
  ctx.beginPath()
  ctx.roundRect(box.x, box.y, box.width, box.height, Math.min(radius, box.width / 2, box.height / 2))
  ctx.fill()
}

/** The largest box with the picture's aspect ratio, centred in another. */
export function inside(box: Rect, width: number, height: number): Rect {
  const scale = Math.min(box.width / width, box.height / height)
  const size = { width: width * scale, height: height * scale }
  return { x: box.x + (box.width - size.width) / 2, y: box.y + (box.height - size.height) / 2, ...size }
}

/** Draws the whole picture, centred in a rounded box on a ground (CSS object-fit: contain). */
export function drawInside(
  ctx: SKRSContext2D,
  picture: Canvas | Image,
  box: Rect,
  radius: number,
  ground: string,
): void {
  roundedBox(ctx, box, radius, ground)
  clipped(ctx, box, radius, () => {
    const at = inside(box, picture.width, picture.height)
    ctx.drawImage(picture, at.x, at.y, at.width, at.height)
  })
}

/** Fills a rounded box with the middle of a picture (CSS object-fit: cover); without one the box shows its ground. */
export function drawThumbnail(
  ctx: SKRSContext2D,
  picture: Canvas | Image | undefined,
  box: Rect,
  radius: number,
  ground: string,
): void {
  roundedBox(ctx, box, radius, ground)
  if (!picture) return
  const scale = Math.max(box.width / picture.width, box.height / picture.height)
  const [width, height] = [box.width / scale, box.height / scale]
  const [x, y] = [(picture.width - width) / 2, (picture.height - height) / 2]
  clipped(ctx, box, radius, () =>
    ctx.drawImage(picture, x, y, width, height, box.x, box.y, box.width, box.height),
  )
}

/** Clips whatever `draw` draws to the rounded box. */
export function clipped(ctx: SKRSContext2D, box: Rect, radius: number, draw: () => void): void {
  ctx.save()
  ctx.beginPath()
  ctx.roundRect(box.x, box.y, box.width, box.height, radius)
  ctx.clip()
  draw()
  ctx.restore()
}

/** A horizontal bar on its track; `share` from 0 to 1. Anything above zero stays visible. */
export function drawBar(ctx: SKRSContext2D, box: Rect, share: number, colour: string, track: string): void {
  const radius = box.height / 2
  roundedBox(ctx, box, radius, track)
  if (share <= 0) return
  const width = Math.max(thinnestBar, Math.min(1, share) * box.width)
  // Clipping gives the left end the track's shape even if the bar is shorter than its height.
  clipped(ctx, box, radius, () => roundedBox(ctx, { ...box, width }, Math.min(radius, width / 4), colour))
}
