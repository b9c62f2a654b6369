import type { Box, RawPicture } from './picture.ts'

/** Strokes nearer than this share of the longer side belong to one piece of writing. */
const near = 0.03

/** Boxes in whole pixels. */
interface Region {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The pieces of writing in a mask of ink: boxes around strokes that are close together. */
export function writingBoxes(mask: Uint8Array, width: number, height: number): Box[] {
  const cell = Math.max(2, Math.round(near * Math.max(width, height)))
  const columns = Math.ceil(width / cell)
  const rows = Math.ceil(height / cell)
  const extents: (Region | undefined)[] = Array.from({ length: columns * rows })
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!mask[y * width + x]) continue
      const at = Math.floor(y / cell) * columns + Math.floor(x / cell)
      extents[at] = joined(extents[at], { left: x, top: y, right: x + 1, bottom: y + 1 })
    }
  const boxes: Box[] = []
  for (let start = 0; start < extents.length; start++) {
    let region: Region | undefined
    const waiting = [start]
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const extent = extents[at]
      if (!extent) continue
      extents[at] = undefined
      region = joined(region, extent)
      const [cx, cy] = [at % columns, Math.floor(at / columns)]
      for (let y = Math.max(0, cy - 1); y <= Math.min(rows - 1, cy + 1); y++)
        for (let x = Math.max(0, cx - 1); x <= Math.min(columns - 1, cx + 1); x++)
          waiting.push(y * columns + x)
    }
    if (region) boxes.push(inShares(region, width, height))
  }
  return boxes
}

const joined = (a: Region | undefined, b: Region): Region =>
  a
    ? {
        left: Math.min(a.left, b.left),
        top: Math.min(a.top, b.top),
        right: Math.max(a.right, b.right),
        bottom: Math.max(a.bottom, b.bottom),
      }
    : b

const inShares = ({ left, top, right, bottom }: Region, width: number, height: number): Box => ({
  left: left / width,
  top: top / height,
  width: (right - left) / width,
  height: (bottom - top) / height,
})

function inPixels(box: Box, { width, height }: RawPicture): Region {
  const left = Math.max(0, Math.floor(box.left * width))
  const top = Math.max(0, Math.floor(box.top * height))
  return {
    left,
    top,
    right: Math.min(width, Math.max(left + 1, Math.ceil((box.left + box.width) * width))),
    bottom: Math.min(height, Math.max(top + 1, Math.ceil((box.top + box.height) * height))),
  }
}

/** The picture with the boxes mirrored left to right: writing becomes unreadable, but a thing stays the same thing. */
export function mirrored(picture: RawPicture, boxes: readonly Box[]): RawPicture {
  const data = Uint8Array.from(picture.data)
  for (const box of boxes) {
    const { left, top, right, bottom } = inPixels(box, picture)
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) {
        const from = 3 * (y * picture.width + (right - 1 - (x - left)))
        data.set(picture.data.subarray(from, from + 3), 3 * (y * picture.width + x))
      }
  }
  return { ...picture, data }
}

/** The picture with the boxes blurred until no stroke is left: three box blurs of a third of the shorter side. */
export function blurredOut(picture: RawPicture, boxes: readonly Box[]): RawPicture {
  const data = Uint8Array.from(picture.data)
  for (const box of boxes) {
    const region = inPixels(box, picture)
    const radius = Math.max(
      2,
      Math.round(Math.min(region.right - region.left, region.bottom - region.top) / 3),
    )
    for (let pass = 0; pass < 3; pass++) {
      blurLines(data, picture.width, region, radius, true)
      blurLines(data, picture.width, region, radius, false)
    }
  }
  return { ...picture, data }
}

/** A running mean along rows or columns; edge pixels repeat beyond the region. */
function blurLines(data: Uint8Array, stride: number, region: Region, radius: number, across: boolean): void {
  const { left, top, right, bottom } = region
  const [lines, length] = across ? [bottom - top, right - left] : [right - left, bottom - top]
  const line = new Float32Array(length)
  for (let l = 0; l < lines; l++)
    for (let channel = 0; channel < 3; channel++) {
      const at = (i: number): number =>
        3 * (across ? (top + l) * stride + left + i : (top + i) * stride + left + l) + channel
      for (let i = 0; i < length; i++) line[i] = data[at(i)]!
      const value = (i: number): number => line[Math.max(0, Math.min(length - 1, i))]!
      let sum = 0
      for (let i = -radius; i <= radius; i++) sum += value(i)
      for (let i = 0; i < length; i++) {
        data[at(i)] = Math.round(sum / (2 * radius + 1))
        sum += value(i + radius + 1) - value(i - radius)
      }
    }
}
