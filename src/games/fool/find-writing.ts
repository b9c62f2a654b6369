import { luma, resized, type Box, type Picture } from './picture.ts'

/** Strokes are looked for at this long side. */
const side = 256
/** Shapes that a label has, in shares of the picture's shorter side: width and height. */
const shapes = [
  [0.3, 0.15],
  [0.45, 0.2],
  [0.45, 0.45],
  [0.65, 0.3],
] as const
/** A change of brightness that ink on paper makes within two pixels. */
const sharp = 40

/** Of a photograph no more than this may be said to be writing: a label on a thing, not the thing. */
export const mostWriting = 0.3

/**
 * Where writing may be in a photograph: the boxes in which brightness goes up and down most often and most evenly,
 * as strokes do; the densest first, none overlapping another by more than half.
 */
export function writingCandidates(picture: Picture, limit: number): Box[] {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height))
  const small = resized(picture, Math.round(picture.width * scale), Math.round(picture.height * scale))
  const { width, height } = small
  const sums = strokeSums(small)
  const shorter = Math.min(width, height)
  const found: (Box & { density: number })[] = []
  for (const [w, h] of shapes) {
    const [bw, bh] = [Math.round(w * shorter), Math.round(h * shorter)]
    const step = Math.max(2, Math.round(bh / 4))
    for (let y = 0; y + bh <= height; y += step)
      for (let x = 0; x + bw <= width; x += step) {
        const strokes = areaOf(sums, width + 1, x, y, bw, bh)
        const density = strokes / Math.sqrt(bw * bh)
        found.push({ left: x / width, top: y / height, width: bw / width, height: bh / height, density })
      }
  }
  const kept: Box[] = []
  for (const { density, ...box } of found.sort(
    (a, b) => b.density - a.density || a.top - b.top || a.left - b.left,
  )) {
    if (kept.length === limit || density === 0) break
    if (kept.every((other) => overlap(box, other) < 0.5)) kept.push(box)
  }
  return kept
}

/** Running sums over the picture of the places at which a stroke's edge stands; [height + 1, width + 1]. */
function strokeSums(picture: Picture): Float64Array {
  const { width, height, data } = luma(picture)
  const sums = new Float64Array((width + 1) * (height + 1))
  for (let y = 0; y < height; y++) {
    let row = 0
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const edge = x > 0 && x < width - 1 && Math.abs(data[i + 1]! - data[i - 1]!) > sharp
      row += edge ? 1 : 0
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + row
    }
  }
  return sums
}

const areaOf = (sums: Float64Array, stride: number, x: number, y: number, w: number, h: number): number =>
  sums[(y + h) * stride + x + w]! -
  sums[y * stride + x + w]! -
  sums[(y + h) * stride + x]! +
  sums[y * stride + x]!

/** Shared area over the area of both. */
function overlap(a: Box, b: Box): number {
  const w = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left)
  const h = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top)
  if (w <= 0 || h <= 0) return 0
  return (w * h) / (a.width * a.height + b.width * b.height - w * h)
}
