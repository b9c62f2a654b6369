import { describe, expect, test } from 'vitest'
import type { Baseline } from '../../src/clip/pack-schema.ts'
import { meansOf } from '../../src/clip/means.ts'
import { heatMapOf, mapsOf } from '../../src/neurons/heat-map.ts'
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
  histogram: {
    edges: [0, 1, 2, 4, 6, 10],
    counts: [
      [85, 5, 5, 4, 1],
      [90, 0, 10, 0, 0],
    ],
  },
}

describe('strength', () => {
  test('is mean(ReLU(map)) in sigma from zero', () => {
    // Unit 0: (3 + 5) / 4 = 2 over an rms of 0.5. Unit 1 is below zero everywhere.
    expect([...strengthsOf(meansOf(map), baseline)]).toEqual([4, 0])
  })

  test('of a unit that no picture of the baseline fires is zero: there is no sigma to count in', () => {
    const silent = { ...baseline, after: { ...baseline.after, rms: [0, 0.25] } }
    expect(strengthsOf(meansOf(map), silent)[0]).toBe(0)
  })

  test('inhibition is mean(map) before the ReLU, in sigma around what is usual', () => {
    expect([...deviationsOf(meansOf(map), baseline)]).toEqual([0.5, -2])
  })
})

describe('percentile', () => {
  test('of a unit that does not fire is the share of pictures that do not fire it either', () => {
    expect(percentileOf(baseline, 0, 0)).toBeCloseTo(80)
    expect(percentileOf(baseline, 1, 0)).toBeCloseTo(90)
  })

  test('runs through the edges of the histogram in straight lines, starting at the share that does not fire', () => {
    expect(percentileOf(baseline, 0, 1)).toBeCloseTo(85)
    expect(percentileOf(baseline, 0, 0.5)).toBeCloseTo(82.5)
    expect(percentileOf(baseline, 0, 1.5)).toBeCloseTo(87.5)
    expect(percentileOf(baseline, 0, 5)).toBeCloseTo(97)
    expect(percentileOf(baseline, 1, 3)).toBeCloseTo(95)
  })

  test('ends at the strongest picture', () => {
    expect(percentileOf(baseline, 0, 8)).toBe(100)
    expect(percentileOf(baseline, 0, 7)).toBeCloseTo(99.5)
    expect(percentileOf(baseline, 0, 50)).toBe(100)
    expect(percentileOf(baseline, 1, 4)).toBe(100)
  })

  test('never falls as the strength rises', () => {
    const rising = Array.from({ length: 100 }, (_, i) => percentileOf(baseline, 0, i / 10))
    expect(rising.every((value, i) => i === 0 || value >= rising[i - 1]!)).toBe(true)
  })
})

describe('heat maps', () => {
  const means = meansOf(map)
  const measured = { strengths: strengthsOf(means, baseline), deviations: deviationsOf(means, baseline) }

  test('of a unit that fires: its activations, place by place', () => {
    const maps = mapsOf({ map, ...measured }, 'all')
    expect(heatMapOf(maps, 0)).toEqual({ width: 4, height: 1, data: Float32Array.from([-1, 3, 5, -3]) })
  })

  test('of some units: those that fire most and those held back most, each once, and none that is hidden', () => {
    const chosen = (strongest: number, inhibited: number, without: number[] = []) =>
      mapsOf({ map, ...measured }, { strongest, inhibited, without })
    expect(chosen(0, 0)).toMatchObject({ units: [], data: new Float32Array() })
    expect(chosen(5, 0)).toMatchObject({ units: [0], data: map.data.slice(0, 4) })
    expect(chosen(5, 5)).toMatchObject({ units: [0, 1], data: map.data })
    expect(chosen(5, 5, [0])).toMatchObject({ units: [1], data: map.data.slice(4) })
  })

  test('of a unit that was not asked for: there is none', () => {
    const maps = mapsOf({ map, ...measured }, { strongest: 1, inhibited: 0, without: [] })
    expect(() => heatMapOf(maps, 1)).toThrow('the map of unit 1 was not asked for')
  })
})
