import { lettersOf, type Letter } from './letters.ts'
import type { Box, Plane, RawPicture } from './picture.ts'
import { luma, resized } from './planes.ts'

/** Letters are looked for at this long side. */
const side = 400
/** The fewest letters of a word; letters that touch are counted by their width. */
const leastLetters = 3
/** Room around the letters, as a share of their height: for dots, accents and what hangs below the line. */
const room = 0.15

/** The largest share of a photograph that may count as writing: a label on a thing, not the thing. */
export const mostWriting = 0.3

/** Letters in a row; edges in pixels. */
interface Line {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  /** How much it looks like writing: many letters, an even background, high contrast. */
  readonly score: number
}

/**
 * Where writing may be in a photograph, the likeliest first: rows of letter-like pieces of similar height, stroke width
 * and brightness on an even background, dark on bright or bright on dark, rotated by at most about 20 degrees; adjacent
 * lines are also offered as one block. Now and then the outline of a thing is among them.
 */
export function writingCandidates(picture: RawPicture, limit: number): Box[] {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height))
  const plane = luma(resized(picture, Math.round(picture.width * scale), Math.round(picture.height * scale)))
  const lines = ([-1, 1] as const).flatMap((polarity) => {
    const { letters, marks } = lettersOf(plane, polarity)
    return grouped(letters, follow)
      .filter((row) => countOf(row) >= leastLetters)
      .map((row) => lineOf(row, plane, marks))
  })
  const blocks = grouped(lines, belowEachOther)
    .filter((block) => block.length > 1)
    .map((block): Line => ({ ...around(block), score: Math.max(...block.map(({ score }) => score)) }))
  return [...lines, ...blocks]
    .sort((a, b) => b.score - a.score || a.top - b.top || a.left - b.left)
    .map((line) => boxOf(line, plane))
    .filter(({ width, height }) => width * height < mostWriting)
    .slice(0, limit)
}

/** Whether two letters are neighbours in one word or line. */
function follow(a: Letter, b: Letter): boolean {
  const [first, second] = [a.bottom - a.top, b.bottom - b.top]
  const [low, tall] = [Math.min(first, second), Math.max(first, second)]
  const gap = Math.max(a.left, b.left) - Math.min(a.right, b.right)
  const beside = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
  return (
    tall < 2 * low &&
    gap < 0.8 * tall &&
    gap > -0.4 * tall &&
    beside > 0.5 * low &&
    Math.abs(a.brightness - b.brightness) < 40 &&
    Math.max(a.stroke, b.stroke) < 2 * Math.min(a.stroke, b.stroke)
  )
}

function belowEachOther(a: Line, b: Line): boolean {
  const [upper, lower] = a.top < b.top ? [a, b] : [b, a]
  const heights = [a.bottom - a.top, b.bottom - b.top]
  return (
    Math.max(...heights) < 1.8 * Math.min(...heights) &&
    lower.top - upper.bottom < Math.max(...heights) &&
    Math.min(a.right, b.right) > Math.max(a.left, b.left)
  )
}

/** The connected components of items under `linked` (union-find). */
function grouped<T>(items: readonly T[], linked: (a: T, b: T) => boolean): T[][] {
  const parents = items.map((_, i) => i)
  const rootOf = (i: number): number => {
    while (parents[i] !== i) i = parents[i] = parents[parents[i]!]!
    return i
  }
  for (let i = 1; i < items.length; i++)
    for (let j = 0; j < i; j++) if (linked(items[i]!, items[j]!)) parents[rootOf(i)] = rootOf(j)
  const groups = new Map<number, T[]>()
  for (const [i, item] of items.entries()) groups.set(rootOf(i), [...(groups.get(rootOf(i)) ?? []), item])
  return [...groups.values()]
}

const countOf = (row: readonly Letter[]): number =>
  row.reduce(
    (sum, { left, top, right, bottom }) => sum + Math.max(1, Math.round((right - left) / (bottom - top))),
    0,
  )

type Edges = Omit<Line, 'score'>

const around = (parts: readonly Edges[]): Edges => ({
  left: Math.min(...parts.map(({ left }) => left)),
  top: Math.min(...parts.map(({ top }) => top)),
  right: Math.max(...parts.map(({ right }) => right)),
  bottom: Math.max(...parts.map(({ bottom }) => bottom)),
})

function lineOf(row: readonly Letter[], { width, data }: Plane, marks: Uint8Array): Line {
  const edges = around(row)
  let count = 0
  let sum = 0
  let squares = 0
  for (let y = edges.top; y < edges.bottom; y++)
    for (let i = y * width + edges.left; i < y * width + edges.right; i++) {
      if (marks[i]) continue
      count++
      sum += data[i]!
      squares += data[i]! ** 2
    }
  const ground = sum / count
  const unevenness = Math.sqrt(Math.max(0, squares / count - ground * ground))
  const ink = row.reduce((total, { brightness }) => total + brightness, 0) / row.length
  const letters = Math.min(8, countOf(row))
  return { ...edges, score: (Math.sqrt(letters) * Math.abs(ground - ink)) / (unevenness + 8) }
}

function boxOf({ left, top, right, bottom }: Edges, { width, height }: Plane): Box {
  const margin = Math.round(room * (bottom - top))
  const [x, y] = [Math.max(0, left - margin), Math.max(0, top - margin)]
  return {
    left: x / width,
    top: y / height,
    width: (Math.min(width, right + margin) - x) / width,
    height: (Math.min(height, bottom + margin) - y) / height,
  }
}
