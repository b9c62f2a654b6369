import type { Plane } from './picture.ts'

/** A light blur (1 2 1 in each direction): removes grain and keeps strokes. */
export function smoothed({ width, height, data }: Plane): Plane {
  const rows = new Float32Array(data.length)
  for (let y = 0; y < height; y++) {
    const start = y * width
    const end = start + width - 1
    for (let i = start; i <= end; i++)
      rows[i] = (data[i === start ? i : i - 1]! + 2 * data[i]! + data[i === end ? i : i + 1]!) / 4
  }
  const out = new Float32Array(data.length)
  for (let y = 0; y < height; y++) {
    const above = y === 0 ? 0 : -width
    const below = y === height - 1 ? 0 : width
    for (let i = y * width; i < (y + 1) * width; i++)
      out[i] = (rows[i + above]! + 2 * rows[i]! + rows[i + below]!) / 4
  }
  return { width, height, data: out }
}

/** The lowest or highest value within one pixel of each pixel (erosion, dilation). */
export function extreme(
  { width, height, data }: Plane,
  pick: (a: number, b: number) => number,
): Float32Array {
  const rows = new Float32Array(data.length)
  for (let y = 0; y < height; y++) {
    const start = y * width
    const end = start + width - 1
    for (let i = start; i <= end; i++)
      rows[i] = pick(pick(data[i === start ? i : i - 1]!, data[i]!), data[i === end ? i : i + 1]!)
  }
  const out = new Float32Array(data.length)
  for (let y = 0; y < height; y++) {
    const above = y === 0 ? 0 : -width
    const below = y === height - 1 ? 0 : width
    for (let i = y * width; i < (y + 1) * width; i++)
      out[i] = pick(pick(rows[i + above]!, rows[i]!), rows[i + below]!)
  }
  return out
}

/** For each block of `side` pixels, the range of values in it and its eight neighbours: what compression may smear. */
export function blockContrast(
  { width, height, data }: Plane,
  side: number,
): { columns: number; contrast: Float32Array } {
  const columns = Math.ceil(width / side)
  const rows = Math.ceil(height / side)
  const low = new Float32Array(columns * rows).fill(Infinity)
  const high = new Float32Array(columns * rows).fill(-Infinity)
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / side) * columns
    for (let x = 0; x < width; x++) {
      const b = row + Math.floor(x / side)
      const v = data[y * width + x]!
      if (v < low[b]!) low[b] = v
      if (v > high[b]!) high[b] = v
    }
  }
  const l = extreme({ width: columns, height: rows, data: low }, Math.min)
  const h = extreme({ width: columns, height: rows, data: high }, Math.max)
  return { columns, contrast: h.map((v, i) => v - l[i]!) }
}
