import { afterAll, describe, expect, test } from 'vitest'
import { openParam } from '../../src/visualization/param.ts'
import { createRandom } from '../../src/visualization/random.ts'
import { dot } from './pocket.ts'

const size = 24
const param = await openParam({ size, basisSize: 16, decayPower: 1, background: 0.7, margin: 0.2 }, 1)
afterAll(() => param.close())

const normals = (count: number, seed: number): Float32Array => {
  const random = createRandom(seed)
  return Float32Array.from({ length: count }, () => random.normal())
}

describe('a picture made of waves', () => {
  test('is between black and white, and begins near the background', async () => {
    const picture = await param.start(createRandom(1)).picture()
    expect(picture).toHaveLength(3 * size * size)
    for (const value of picture) expect(Math.abs(value - 0.7)).toBeLessThan(0.1)
  })

  test('is the same for the same seed, and another for another', async () => {
    const [one, again, other] = await Promise.all(
      [1, 1, 2].map((seed) => param.start(createRandom(seed)).picture()),
    )
    expect(again).toEqual(one)
    expect(other).not.toEqual(one)
  })

  test('has fine waves that grow less than coarse ones', async () => {
    const swing = async (n: number) => {
      const own = param.start(createRandom(1))
      own.spectrum.fill(0)
      own.spectrum[n] = 1
      const picture = await own.picture()
      return Math.max(...picture) - Math.min(...picture)
    }
    expect(await swing(1)).toBeGreaterThan(2 * (await swing(5)))
  })

  test('passes back the same gradient as finite differences', async () => {
    const own = param.start(createRandom(3))
    const wish = normals(3 * size * size, 4)
    const along = normals(own.spectrum.length, 5)
    const gradient = await own.backward(wish)
    const start = own.spectrum.slice()
    const at = async (t: number) => {
      for (let i = 0; i < start.length; i++) own.spectrum[i] = start[i]! + t * along[i]!
      return dot(await own.picture(), wish)
    }
    const h = 0.01
    const measured = ((await at(h)) - (await at(-h))) / (2 * h)
    expect(dot(gradient, along) / measured).toBeCloseTo(1, 2)
  })
})
