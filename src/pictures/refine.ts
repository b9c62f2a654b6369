import type { Plane } from './picture.ts'

/** entry = offset + scale * original, both in shares of their own size. */
export interface Axis {
  readonly offset: number
  readonly scale: number
}

/** Where an entered picture is on the original. */
export interface Placing {
  readonly x: Axis
  readonly y: Axis
}

/** An original and an entry at about the same resolution. */
export interface Pair {
  readonly o: Plane
  readonly e: Plane
}

/** The difference in brightness from which a pixel counts as painted over. */
export const outlier = 24

/** The entry's values at the original's pixels, interpolated; NaN where the entry does not reach. */
export function laidOn(frame: { width: number; height: number }, e: Plane, { x, y }: Placing): Float32Array {
  const out = new Float32Array(frame.width * frame.height).fill(NaN)
  const columns = Array.from(
    { length: frame.width },
    (_, px) => (x.offset + (x.scale * (px + 0.5)) / frame.width) * e.width - 0.5,
  )
  for (let py = 0; py < frame.height; py++) {
    const ey = (y.offset + (y.scale * (py + 0.5)) / frame.height) * e.height - 0.5
    if (ey < -0.5 || ey > e.height - 0.5) continue
    const y0 = Math.max(0, Math.min(e.height - 2, Math.floor(ey)))
    const down = e.height > 1 ? e.width : 0
    const fy = Math.max(0, Math.min(1, ey - y0))
    for (let px = 0; px < frame.width; px++) {
      const ex = columns[px]!
      if (ex < -0.5 || ex > e.width - 0.5) continue
      const x0 = Math.max(0, Math.min(e.width - 2, Math.floor(ex)))
      const right = e.width > 1 ? 1 : 0
      const fx = Math.max(0, Math.min(1, ex - x0))
      const j = y0 * e.width + x0
      const above = e.data[j]! * (1 - fx) + e.data[j + right]! * fx
      const below = e.data[j + down]! * (1 - fx) + e.data[j + down + right]! * fx
      out[py * frame.width + px] = above * (1 - fy) + below * fy
    }
  }
  return out
}

/** Robust Gauss-Newton on shift and scale: a pixel's weight falls with its difference, so that strokes do not distort it. */
export function refined({ o, e }: Pair, start: Placing): Placing {
  // Far from the optimum everything differs: in small frames, which come first, larger differences are trusted.
  const trusted = outlier * Math.sqrt(256 / Math.max(o.width, o.height))
  let placing = start
  for (let round = 0; round < 16; round++) {
    const step = newtonStep(o, laidOn(o, e, placing), trusted)
    placing = { x: moved(placing.x, step[0]!, step[1]!), y: moved(placing.y, step[2]!, step[3]!) }
    const pixels = Math.max(...step.map(Math.abs)) * Math.max(o.width, o.height)
    if (pixels < 0.01) break
  }
  return placing
}

const moved = ({ offset, scale }: Axis, shift: number, stretch: number): Axis => ({
  offset: offset + scale * (stretch / 2 - shift),
  scale: scale * (1 - stretch),
})

/** Shift and stretch of the original, in shares of its size, that bring it closest to the entry. */
function newtonStep(o: Plane, on: Float32Array, trusted: number): number[] {
  const normal = Array.from({ length: 4 }, () => [0, 0, 0, 0, 0])
  for (let y = 1; y < o.height - 1; y++)
    for (let x = 1; x < o.width - 1; x++) {
      const i = y * o.width + x
      const residual = on[i]! - o.data[i]!
      if (Number.isNaN(residual)) continue
      const gx = ((o.data[i + 1]! - o.data[i - 1]!) / 2) * o.width
      const gy = ((o.data[i + o.width]! - o.data[i - o.width]!) / 2) * o.height
      if (gx === 0 && gy === 0) continue
      const weight = 1 / (1 + (residual / trusted) ** 2) ** 2
      const row = [gx, gx * ((x + 0.5) / o.width - 0.5), gy, gy * ((y + 0.5) / o.height - 0.5)]
      for (let a = 0; a < 4; a++) {
        const line = normal[a]!
        const factor = weight * row[a]!
        for (let b = a; b < 4; b++) line[b]! += factor * row[b]!
        line[4]! += factor * residual
      }
    }
  for (let a = 0; a < 4; a++) for (let b = 0; b < a; b++) normal[a]![b] = normal[b]![a]!
  // Regularised as if every pixel had a slope of a twentieth of a grey level: without real slopes nothing moves.
  return solved(normal, o.data.length * (0.05 * Math.max(o.width, o.height)) ** 2)
}

/** Solves the 4 x 5 system; a direction without any outlines across it stays 0. */
function solved(rows: number[][], flat: number): number[] {
  const diagonal = rows.map((row, i) => row[i]!)
  const floor = 1e-3 * Math.max(...diagonal) + flat
  rows.forEach((row, i) => (row[i]! += floor))
  for (let a = 0; a < 4; a++)
    for (let b = 0; b < 4; b++) {
      if (a === b) continue
      const factor = rows[b]![a]! / rows[a]![a]!
      for (let c = a; c < 5; c++) rows[b]![c]! -= factor * rows[a]![c]!
    }
  return rows.map((row, i) => row[4]! / row[i]!)
}
