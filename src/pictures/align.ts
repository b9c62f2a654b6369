import type { Plane, RawPicture } from './picture.ts'
import { luma, resizedPlane } from './planes.ts'
import { laidOn, outlier, refined, type Pair, type Placing } from './refine.ts'

export interface Alignment extends Placing {
  /** How much of the original's outlines the entry still has, 0 to 1. */
  readonly kept: number
}

/** Long side of the frame in which every position and size is tried. */
const coarse = 48
/** Long sides of the frames in which a placing is refined: two for each candidate, one more for the winner. */
const trials = [64, 128]
const final = 256
/** At most this share of a picture's width or height is cut away. */
const mostCut = 1.5
/** A smaller difference in brightness over two pixels is not an outline. */
const faint = 8
/** With this share of the original's outlines found, no other placing is tried. */
const good = 0.7

/**
 * Finds the shift, scale and crop that best align the entry with the original. Writing does not distort the result:
 * pixels that differ much count little. Rotation and mirroring are not looked for.
 *
 * A plain resize is tried first, then the best of an exhaustive search over sizes and positions; each is refined by
 * Gauss-Newton in growing frames. The one that recovers most of the original's outlines wins.
 */
export function align(original: RawPicture, entry: RawPicture): Alignment {
  const o = within(luma(original), final)
  const e = within(luma(entry), final * mostCut)
  const settled = (start: Placing, sides: readonly number[]): Match => {
    const placing = sides.reduce((at, side) => refined(frames(o, e, at, side), at), start)
    const [before, after] = [start, placing].map((at) => matched(frames(o, e, at, sides.at(-1)!), at))
    return after!.found > before!.found ? after! : before!
  }
  let best = settled(plainResize, trials)
  if (best.found < good)
    for (const start of searched(o, e)) {
      const other = settled(start, trials)
      if (other.found > best.found) best = other
    }
  const { placing } = settled(best.placing, [final])
  return { ...placing, kept: matched(frames(o, e, placing, trials.at(-1)!), placing).kept }
}

interface Match {
  readonly placing: Placing
  /** Share of the original's outlines that the entry has in this position, 0 to 1; 0 if there are none. */
  readonly found: number
  /** The same, only of those that the entry covers; 1 if there are none. */
  readonly kept: number
}

const plainResize: Placing = { x: { offset: 0, scale: 1 }, y: { offset: 0, scale: 1 } }

/** Mean truncated difference between unrelated pixels of the original: what misalignment costs. 0 if it is flat. */
function unlikeness({ width, height, data }: Plane): number {
  let sum = 0
  let count = 0
  for (const [dx, dy] of [
    [width >> 2, 0],
    [0, height >> 2],
    [width >> 2, height >> 2],
  ] as const)
    for (let y = 0; y < height - dy; y++)
      for (let x = 0; x < width - dx; x++, count++)
        sum += Math.min(outlier, Math.abs(data[y * width + x]! - data[(y + dy) * width + x + dx]!))
  return sum / count
}

/** Tries every size and position in a small frame by mean truncated difference; the best position of the three best sizes. */
function searched(original: Plane, entry: Plane): Placing[] {
  const o = within(original, coarse)
  const unlike = unlikeness(o)
  const fits = Math.min(o.width / entry.width, o.height / entry.height)
  const fills = Math.max(o.width / entry.width, o.height / entry.height)
  const found: { placing: Placing; cost: number }[] = []
  for (let density = Math.min(fills, fits * mostCut); density > fits / mostCut; density *= 0.975) {
    const e = scaled(entry, density)
    const margin = 3
    let best = { cost: Infinity, left: 0, top: 0 }
    for (
      let top = Math.min(-margin, o.height - e.height - margin);
      top <= Math.max(margin, o.height - e.height + margin);
      top++
    )
      for (
        let left = Math.min(-margin, o.width - e.width - margin);
        left <= Math.max(margin, o.width - e.width + margin);
        left++
      ) {
        const cost = difference(o, e, left, top, unlike)
        if (cost < best.cost) best = { cost, left, top }
      }
    found.push({
      cost: best.cost,
      placing: {
        x: { offset: -best.left / e.width, scale: o.width / e.width },
        y: { offset: -best.top / e.height, scale: o.height / e.height },
      },
    })
  }
  return found
    .sort((a, b) => a.cost - b.cost)
    .slice(0, 3)
    .map(({ placing }) => placing)
}

function scaled(plane: Plane, factor: number): Plane {
  return resizedPlane(
    plane,
    Math.max(1, Math.round(plane.width * factor)),
    Math.max(1, Math.round(plane.height * factor)),
  )
}

/**
 * Mean truncated difference with e's corner at (left, top) of o. A pixel that only one of the two has costs about as
 * much as two unrelated pixels; less if it was cut off, because cropping is common.
 */
function difference(o: Plane, e: Plane, left: number, top: number, unlike: number): number {
  let sum = 0
  const [x0, x1] = [Math.max(0, left), Math.min(o.width, left + e.width)]
  const [y0, y1] = [Math.max(0, top), Math.min(o.height, top + e.height)]
  for (let y = y0; y < y1; y++) {
    let i = y * o.width + x0
    let j = (y - top) * e.width + x0 - left
    for (let x = x0; x < x1; x++, i++, j++) sum += Math.min(outlier, Math.abs(o.data[i]! - e.data[j]!))
  }
  const common = (x1 - x0) * (y1 - y0)
  const cutOff = 0.7 * unlike * (o.data.length - common)
  const added = (unlike + 4) * (e.data.length - common)
  return (sum + cutOff + added) / o.data.length
}

const within = (plane: Plane, side: number): Plane =>
  scaled(plane, Math.min(1, side / Math.max(plane.width, plane.height)))

/** Both planes at one resolution: the original with the given long side, the entry scaled to match at this placing. */
function frames(original: Plane, entry: Plane, placing: Placing, side: number): Pair {
  const o = within(original, side)
  const width = Math.min(entry.width, Math.max(1, Math.round(o.width / placing.x.scale)))
  const height = Math.min(entry.height, Math.max(1, Math.round(o.height / placing.y.scale)))
  return { o, e: resizedPlane(entry, width, height) }
}

/** Compares outlines: how much of the original's gradient the entry has at the same positions in the same direction. */
function matched({ o, e }: Pair, placing: Placing): Match {
  const on = laidOn(o, e, placing)
  let same = 0
  let reached = 0
  let all = 0
  for (let y = 1; y < o.height - 1; y++)
    for (let x = 1; x < o.width - 1; x++) {
      const i = y * o.width + x
      const gx = o.data[i + 1]! - o.data[i - 1]!
      const gy = o.data[i + o.width]! - o.data[i - o.width]!
      const length = Math.hypot(gx, gy)
      if (length < faint) continue
      all += length
      const ex = on[i + 1]! - on[i - 1]!
      const ey = on[i + o.width]! - on[i - o.width]!
      if (Number.isNaN(ex) || Number.isNaN(ey)) continue
      reached += length
      same += Math.max(0, Math.min(length, (ex * gx + ey * gy) / length))
    }
  return { placing, found: all === 0 ? 0 : same / all, kept: reached === 0 ? 1 : same / reached }
}
