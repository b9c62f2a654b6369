import { describe, expect, test } from 'vitest'
import { createRandom } from '../../src/visualization/random.ts'
import { type Affine, randomView, View } from '../../src/visualization/transform.ts'
import { dot } from './pocket.ts'

const [size, side] = [20, 14]
const plain = { mean: [0, 0, 0], std: [1, 1, 1] }
const range = { shift: 0.1, scale: [0.8, 1.2], degrees: 15 } as const

const look = (affine: Affine, picture: Float32Array, from = size, to = side) => {
  const into = new Float32Array(3 * to * to)
  new View(affine, from, to).look(picture, into, 0.5, plain)
  return into
}

describe('a view of a picture', () => {
  const random = createRandom(1)
  const picture = Float32Array.from({ length: 3 * size * size }, () => random.between(0, 1))

  test('that does not move shows the picture itself', () => {
    const straight: Affine = [1, 0, 0, 0, 1, 0]
    expect(look(straight, picture, size, size)).toEqual(picture)
  })

  test('shows the background beyond the edge', () => {
    const away: Affine = [1, 0, 100, 0, 1, 0]
    expect(new Set(look(away, picture))).toEqual(new Set([0.5]))
  })

  test('is normalised as the pack wants it', () => {
    const into = new Float32Array(3 * size * size)
    const facts = { mean: [0.1, 0.2, 0.3], std: [0.5, 1, 2] }
    new View([1, 0, 0, 0, 1, 0], size, size).look(picture, into, 0.5, facts)
    expect(into[0]).toBeCloseTo((picture[0]! - 0.1) / 0.5, 5)
    expect(into.at(-1)).toBeCloseTo((picture.at(-1)! - 0.3) / 2, 5)
  })

  test('is moved at random within its range, in the same way for the same seed', () => {
    const views = (seed: number) => {
      const source = createRandom(seed)
      return Array.from({ length: 50 }, () => randomView(source, range, size, side))
    }
    expect(views(2)).toEqual(views(2))
    expect(views(2)).not.toEqual(views(3))
    const middle = (side - 1) / 2
    for (const [a, b, c, d, e, f] of views(2)) {
      const pace = Math.hypot(a, d)
      expect(size / side / pace).toBeGreaterThanOrEqual(0.8)
      expect(size / side / pace).toBeLessThanOrEqual(1.2)
      expect(Math.abs(Math.atan2(d, a))).toBeLessThanOrEqual((15 * Math.PI) / 180)
      expect(Math.abs(a * middle + b * middle + c - (size - 1) / 2)).toBeLessThanOrEqual(0.1 * size + 1e-9)
      expect(Math.abs(d * middle + e * middle + f - (size - 1) / 2)).toBeLessThanOrEqual(0.1 * size + 1e-9)
    }
  })

  test('passes back the same gradient to the picture as finite differences', () => {
    const affine = randomView(createRandom(4), range, size, side)
    const source = createRandom(5)
    const wish = Float32Array.from({ length: 3 * side * side }, () => source.normal())
    const along = Float32Array.from(picture, () => source.normal())
    const std = [0.5, 1, 2]
    const view = new View(affine, size, side)
    const gradient = new Float32Array(picture.length)
    view.backward(wish, gradient, std)
    const at = (t: number) => {
      const into = new Float32Array(wish.length)
      view.look(
        picture.map((value, i) => value + t * along[i]!),
        into,
        0.5,
        { mean: [0, 0, 0], std },
      )
      return dot(into, wish)
    }
    expect(dot(gradient, along) / ((at(0.5) - at(-0.5)) / 1)).toBeCloseTo(1, 3)
  })
})
