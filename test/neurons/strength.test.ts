import { describe, expect, test } from 'vitest'
import type { Baseline } from '../../src/clip/pack-schema.ts'
import { heatMapOf, inhibitionMapOf } from '../../src/neurons/heat-map.ts'
import { deviationsOf, percentileOf, strengthsOf } from '../../src/neurons/strength.ts'

/** Two units over 1 x 4 places. */
const map = {
  channels: 2,
  height: 1,
  width: 4,
  data: Float32Array.from([-1, 3, 5, -3, -8, -8, -6, -6]),
}

const baseline: Baseline = {
  probeSet: 'made up',
  pictures: 100,
  before: { mean: [0, -4], std: [2, 1.5], rms: [2, 4.3], max: [3, 0] },
  after: { mean: [0.2, 0.1], std: [0.4, 0.2], rms: [0.5, 0.25], max: [4, 1] },
  activeShare: [0.2, 0.1],
  quantiles: [
    { share: 0.5, strength: [0, 0] },
    { share: 0.9, strength: [0.5, 0] },
    { share: 0.99, strength: [2, 0.5] },
  ],
}

describe('strength', () => {
  test('is mean(ReLU(map)) in sigma from zero', () => {
    // Unit 0: (3 + 5) / 4 = 2 over an rms of 0.5. Unit 1 is below zero everywhere.
    expect([...strengthsOf(map, baseline)]).toEqual([4, 0])
  })

  test('inhibition is mean(map) before the ReLU, in sigma around what is usual', () => {
    expect([...deviationsOf(map, baseline)]).toEqual([0.5, -2])
  })
})

describe('percentile', () => {
  test('of a unit that does not fire is the share of pictures that do not fire it either', () => {
    expect(percentileOf(baseline, 0, 0)).toBeCloseTo(80)
    expect(percentileOf(baseline, 1, 0)).toBeCloseTo(90)
  })

  test('goes through the quantiles in straight lines, in sigma', () => {
    expect(percentileOf(baseline, 0, 1)).toBeCloseTo(90)
    expect(percentileOf(baseline, 0, 0.5)).toBeCloseTo(85)
    expect(percentileOf(baseline, 0, 4)).toBeCloseTo(99)
    expect(percentileOf(baseline, 1, 1)).toBeCloseTo(94.5)
  })

  test('ends at the strongest picture', () => {
    expect(percentileOf(baseline, 0, 8)).toBe(100)
    expect(percentileOf(baseline, 0, 6)).toBeCloseTo(99.5)
    expect(percentileOf(baseline, 0, 50)).toBe(100)
  })

  test('comes from the histogram where the baseline has one', () => {
    const counts = [
      [80, 10, 0, 10],
      [90, 0, 0, 10],
    ]
    const measured = { ...baseline, histogram: { edges: [0, 1, 2, 3, 4], counts } }
    expect(percentileOf(measured, 0, 1)).toBeCloseTo(80)
    expect(percentileOf(measured, 0, 1.5)).toBeCloseTo(85)
    expect(percentileOf(measured, 0, 2.5)).toBeCloseTo(90)
    expect(percentileOf(measured, 1, 3.5)).toBeCloseTo(95)
    expect(percentileOf(measured, 1, 9)).toBe(100)
  })

  test('never falls as the strength rises', () => {
    const rising = Array.from({ length: 100 }, (_, i) => percentileOf(baseline, 0, i / 10))
    expect(rising.every((value, i) => i === 0 || value >= rising[i - 1]!)).toBe(true)
  })
})

describe('heat maps', () => {
  test('of a unit that fires: its activations, place by place', () => {
    expect(heatMapOf(map, 0)).toEqual({ width: 4, height: 1, data: Float32Array.from([-1, 3, 5, -3]) })
  })

  test('of a unit held back: how far below what is usual', () => {
    const heat = inhibitionMapOf(map, 1, baseline)
    expect([...heat.data].map((value) => Number(value.toFixed(3)))).toEqual([-2.667, -2.667, -1.333, -1.333])
  })
})
