import type { Plane, RawPicture } from './picture.ts'
import { luma, resizedPlane } from './planes.ts'
import { laidOn, outlier, refined, type Pair, type Placing } from './refine.ts'

export interface Alignment extends Placing {
  /** How much of the original's outlines the entry still has, 0 to 1. */
  readonly kept: number
}

/** Long side of the frame in which every place and size is tried. */
const coarse = 48
/** Long sides of the frames in which the placing is refined: two for the candidates, one for the winner. */
const trials = [64, 128]
const final = 256
/** At most so much of a picture's width or height is cut away. */
const mostCut = 1.5
/** Steps of brightness over two pixels below this are no outline. */
const faint = 8
/** Share of the original's outlines that make any other placing needless. */
const good = 0.7

/**
 * Finds the shift, size and crop at which the entry lies best on the original. Writing does not pull it away:
 * pixels that differ much count little. Rotation and mirroring are not looked for.
 *
 * A plain resize is tried first, then the best of a search over all sizes and places; each is refined by
 * Gauss-Newton in growing frames, and the one wins at which most of the original's outlines are found again.
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
  /** Share of the original's outlines that the entry has at this placing, 0 to 1; 0 where there are none. */
  readonly found: number
  /** The same of those that the entry reaches; 1 where there are none. */
  readonly kept: number
}

const plainResize: Placing = { x: { offset: 0, scale: 1 }, y: { offset: 0, scale: 1 } }

/** Mean truncated difference of places of the original that have nothing to do with each other: 0 where it is flat. */
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

/** Tries every size and place in a small frame by mean truncated difference; the three best sizes' best places. */
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
 * Mean truncated difference with e's corner at (left, top) of o. A pixel that only one of the two has costs
 * about what a pixel of two unrelated places does; less where it was cut off, for that happens.
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

/** Both planes at one resolution: the original with the given long side, the entry as dense as it lies on it. */
function frames(original: Plane, entry: Plane, placing: Placing, side: number): Pair {
  const o = within(original, side)
  const width = Math.min(entry.width, Math.max(1, Math.round(o.width / placing.x.scale)))
  const height = Math.min(entry.height, Math.max(1, Math.round(o.height / placing.y.scale)))
  return { o, e: resizedPlane(entry, width, height) }
}

/** Compares outlines: how much of the original's gradient the entry has at the same places in the same direction. */
function matched({ o, e }: Pair, placing: Placing): Match {
  const on = laidOn(o, e, placing)
  let [same, reached, all] = [0, 0, 0]
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
