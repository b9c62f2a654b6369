import type { Plane } from './picture.ts'

/** Something that has the shape of a letter, or of letters that touch. Edges in pixels. */
export interface Letter {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  /** Mean brightness, 0 to 255. */
  readonly brightness: number
  /** Width of its strokes in pixels. */
  readonly stroke: number
}

/** Radius of the neighbourhood that a pixel's brightness is compared with, as a share of the longer side. */
const reach = 1 / 20
/** Less contrast than this, in grey levels, is not writing. */
const leastContrast = 15

/**
 * Pieces of a picture that may be letters: darker or brighter than their surroundings, with strokes that are thin for
 * their height and leave room between them.
 * @param polarity -1 for dark letters, 1 for bright ones
 */
export function lettersOf(plane: Plane, polarity: -1 | 1): { letters: Letter[]; marks: Uint8Array } {
  const marks = standingOut(plane, polarity)
  const seen = new Uint8Array(marks.length)
  const letters: Letter[] = []
  for (let start = 0; start < marks.length; start++) {
    if (!marks[start] || seen[start]) continue
    const piece = pieceAt(start, plane, marks, seen)
    if (isLetter(piece, plane)) letters.push(piece)
  }
  return { letters, marks }
}

type Piece = Letter & { readonly area: number }

/** Local thresholding by mean and standard deviation over a square window, from integral images. */
function standingOut({ width, height, data }: Plane, polarity: number): Uint8Array {
  const radius = Math.max(2, Math.round(reach * Math.max(width, height)))
  const stride = width + 1
  const sums = new Float64Array(stride * (height + 1))
  const squares = new Float64Array(sums.length)
  for (let y = 0; y < height; y++)
    for (let x = 0, sum = 0, square = 0; x < width; x++) {
      const value = data[y * width + x]!
      sum += value
      square += value * value
      const at = (y + 1) * stride + x + 1
      sums[at] = sums[at - stride]! + sum
      squares[at] = squares[at - stride]! + square
    }
  const marks = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    const above = Math.max(0, y - radius) * stride
    const below = Math.min(height, y + radius + 1) * stride
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - radius)
      const right = Math.min(width, x + radius + 1)
      const within = (of: Float64Array): number =>
        of[below + right]! - of[below + left]! - of[above + right]! + of[above + left]!
      const count = ((below - above) / stride) * (right - left)
      const mean = within(sums) / count
      const spread = Math.sqrt(Math.max(0, within(squares) / count - mean * mean))
      if ((data[y * width + x]! - mean) * polarity > Math.max(leastContrast, 0.6 * spread))
        marks[y * width + x] = 1
    }
  }
  return marks
}

/** The 4-connected component of marked pixels around one. */
function pieceAt(start: number, { width, height, data }: Plane, marks: Uint8Array, seen: Uint8Array): Piece {
  let [left, top, right, bottom] = [width, height, 0, 0]
  let area = 0
  let edge = 0
  let brightness = 0
  const waiting = [start]
  seen[start] = 1
  for (let i = waiting.pop(); i !== undefined; i = waiting.pop()) {
    const x = i % width
    const y = (i - x) / width
    left = Math.min(left, x)
    right = Math.max(right, x + 1)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y + 1)
    area++
    brightness += data[i]!
    for (const [nx, ny] of [
      [x + 1, y],
      [x - 1, y],
      [x, y + 1],
      [x, y - 1],
    ] as const) {
      const next = ny * width + nx
      if (nx < 0 || ny < 0 || nx >= width || ny >= height || !marks[next]) edge++
      else if (!seen[next]) {
        seen[next] = 1
        waiting.push(next)
      }
    }
  }
  // A long stroke has two edges: its area divided by half their length is its width.
  return { left, top, right, bottom, area, brightness: brightness / area, stroke: (2 * area) / edge }
}

function isLetter({ left, top, right, bottom, area, stroke }: Piece, plane: Plane): boolean {
  const [width, height] = [right - left, bottom - top]
  const fill = area / (width * height)
  const upright = width < 0.4 * height // An l or an i fills its box.
  return (
    width >= 2 &&
    height >= 6 &&
    height <= 0.5 * plane.height &&
    width <= Math.min(8 * height, 0.6 * plane.width) &&
    fill >= 0.1 &&
    (fill <= 0.8 || upright) &&
    stroke >= 0.7 &&
    stroke <= 0.35 * height
  )
}
