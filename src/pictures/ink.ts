import { UserError } from '../errors.ts'
import type { Key, Values } from '../language.ts'
import { align, type Alignment } from './align.ts'
import { blockContrast, extreme, smoothed } from './noise.ts'
import type { Plane, RawPicture } from './picture.ts'
import { chroma, luma, resized } from './planes.ts'
import { laidOn } from './refine.ts'

/** Where an entry differs from the original, at the size at which they were compared. */
export interface Ink {
  /** Share of the original's pixels that are inked, 0 to 1. */
  readonly share: number
  /** 1 where a pixel is inked; as many as `original` has pixels. */
  readonly mask: Uint8Array
  readonly original: RawPicture
  /** The entry aligned with the original; the original's own pixels where the entry does not reach. */
  readonly entry: RawPicture
}

/** Long side of the comparison in pixels, at most. */
const workingSide = 512
/**
 * A difference is ink if it exceeds `grain` grey levels plus `smear` times the contrast near its compression block.
 * Measured on photographs and drawings: JPEG and WebP at quality 80 stay below 10 levels; a hard outline that was also
 * enlarged or halved stays below 10 levels plus 0.11 of its contrast.
 */
const grain = 10
const smear = 0.13
/** Compression blocks are 8 pixels wide; an artefact stays within a block and its neighbours. */
const block = 8
/** Pieces with fewer inked pixels are noise. */
const speck = 6
/** Limits beyond which it is no longer the same picture. */
const leastOutlines = 0.5
const leastCovered = 0.6
const mostInk = 1 / 3

/**
 * Measures the ink of an entered picture: the share of the original's pixels that differ by more than the noise of
 * compression once the entry is aligned (shift, scale and a cropped border are undone). Parts that were cut off are not
 * ink.
 * @throws UserError 'bad-picture' if it is no longer the same picture, with the reason.
 */
export function measureInk(original: RawPicture, entry: RawPicture): Ink {
  const alignment = align(original, entry)
  if (alignment.kept < leastOutlines) refuse('picture.moved', { kept: percent(alignment.kept) })
  const o = workingCopy(original, entry, alignment)
  const { laid, covered } = laidOnOriginal(o, entry, alignment)
  if (covered < leastCovered) refuse('picture.cropped', { share: percent(1 - covered) })
  const mask = inked(o, laid)
  const share = mask.reduce((sum, value) => sum + value, 0) / mask.length
  if (share > mostInk) refuse('picture.changed', { share: percent(share), most: percent(mostInk) })
  return { share, mask, original: o, entry: laid }
}

/**
 * The original with only the inked pixels of the entry on it, so that changes too faint to count as ink cannot win.
 */
export function laidOver({ original, entry, mask }: Ink): RawPicture {
  const data = Uint8Array.from(original.data)
  mask.forEach((value, i) => {
    if (value) data.set(entry.data.subarray(3 * i, 3 * i + 3), 3 * i)
  })
  return { ...original, data }
}

const percent = (share: number): number => Math.round(100 * share)

function refuse(key: Key, values: Values): never {
  throw new UserError('bad-picture', key, { values })
}

/** The original, no larger than necessary and no finer than the entry. */
function workingCopy(original: RawPicture, entry: RawPicture, { x, y }: Alignment): RawPicture {
  const factor = Math.min(
    1,
    workingSide / Math.max(original.width, original.height),
    (entry.width * x.scale) / original.width,
    (entry.height * y.scale) / original.height,
  )
  return resized(original, Math.round(original.width * factor), Math.round(original.height * factor))
}

function laidOnOriginal(
  o: RawPicture,
  entry: RawPicture,
  alignment: Alignment,
): { laid: RawPicture; covered: number } {
  const width = Math.min(entry.width, Math.round(o.width / alignment.x.scale))
  const height = Math.min(entry.height, Math.round(o.height / alignment.y.scale))
  const e = resized(entry, width, height)
  const data = Uint8Array.from(o.data)
  let covered = 0
  for (let c = 0; c < 3; c++) {
    const plane = new Float32Array(width * height)
    for (let i = 0; i < plane.length; i++) plane[i] = e.data[3 * i + c]!
    const values = laidOn(o, { width, height, data: plane }, alignment)
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(values[i]!)) continue
      data[3 * i + c] = values[i]! + 0.5
      covered++
    }
  }
  return { laid: { width: o.width, height: o.height, data }, covered: covered / data.length }
}

/** 1 where a pixel of b is ink on a: by brightness, or by colour at half the resolution. */
function inked(a: RawPicture, b: RawPicture): Uint8Array {
  const mask = strokes(luma(a), luma(b))
  const [from, to] = [chroma(a), chroma(b)]
  for (const colour of ['blue', 'red'] as const) {
    const { width, height } = from[colour]
    const { outside } = differing(from[colour], to[colour])
    for (let y = 0; y < a.height; y++) {
      const row = Math.min(height - 1, y >> 1) * width
      for (let x = 0; x < a.width; x++)
        if (outside[row + Math.min(width - 1, x >> 1)]) mask[y * a.width + x] = 1
    }
  }
  return withoutSpecks(mask, a.width, a.height)
}

/** Pixels that nothing nearby in the original explains, and the edges of those strokes. */
function strokes(a: Plane, b: Plane): Uint8Array {
  const { outside, beyond } = differing(a, b)
  const near = extreme({ ...a, data: extreme({ ...a, data: outside }, Math.max) }, Math.max)
  const mask = new Uint8Array(near.length)
  for (let i = 0; i < mask.length; i++) if (beyond[i] && near[i]) mask[i] = 1
  return mask
}

/**
 * `beyond`: b differs from a by more than noise. `outside`: b is outside the range of a's values within one pixel by more
 * than noise, so that an edge that is slightly shifted or blurred does not count.
 */
function differing(a: Plane, b: Plane): { beyond: Uint8Array; outside: Float32Array } {
  const [from, to] = [smoothed(a), smoothed(b)]
  const low = extreme(from, Math.min)
  const high = extreme(from, Math.max)
  const { columns, contrast } = blockContrast(from, block)
  const after = blockContrast(to, block).contrast
  const beyond = new Uint8Array(a.data.length)
  const outside = new Float32Array(a.data.length)
  for (let y = 0, i = 0; y < a.height; y++) {
    const row = Math.floor(y / block) * columns
    for (let x = 0; x < a.width; x++, i++) {
      const at = row + Math.floor(x / block)
      const noise = grain + smear * Math.max(contrast[at]!, after[at]!)
      const value = to.data[i]!
      if (Math.abs(value - from.data[i]!) > noise) beyond[i] = 1
      if (value - high[i]! > noise || low[i]! - value > noise) outside[i] = 1
    }
  }
  return { beyond, outside }
}

/** Drops 8-connected pieces that are too small to have been drawn. */
function withoutSpecks(mask: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(mask.length)
  const seen = new Uint8Array(mask.length)
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || seen[start]) continue
    const piece = [start]
    seen[start] = 1
    for (let k = 0; k < piece.length; k++) {
      const x = piece[k]! % width
      const y = (piece[k]! - x) / width
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++)
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const next = ny * width + nx
          if (!mask[next] || seen[next]) continue
          seen[next] = 1
          piece.push(next)
        }
    }
    if (piece.length >= speck) for (const i of piece) out[i] = 1
  }
  return out
}
