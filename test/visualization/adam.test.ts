import { expect, test } from 'vitest'
import { createAdam } from '../../src/visualization/adam.ts'

test('the first step climbs by about the rate, whatever the scale of the gradient', () => {
  for (const scale of [1e-6, 1, 1e6]) {
    const values = new Float32Array(2)
    createAdam(values).step(new Float32Array([scale, -scale]), 0.5)
    expect(values[0]).toBeCloseTo(0.5 / 1.1, 5)
    expect(values[1]).toBeCloseTo(-0.5 / 1.1, 5)
  }
})

test('an entry whose gradient is a rounding error of the others hardly moves', () => {
  const values = new Float32Array(2)
  createAdam(values).step(new Float32Array([1, 1e-7]), 0.5)
  expect(values[0]).toBeGreaterThan(0.4)
  expect(Math.abs(values[1]!)).toBeLessThan(1e-5)
})

test('nothing moves if there is no gradient', () => {
  const values = new Float32Array([3, -2])
  createAdam(values).step(new Float32Array(2), 0.5)
  expect([...values]).toEqual([3, -2])
})
