import { afterAll, describe, expect, test } from 'vitest'
import { percentileOf } from '../../src/neurons/strength.ts'
import { createVisualizer } from '../../src/visualization/visualize.ts'
import { amount, atLength } from '../examples.ts'
import { cpu, pack, spider } from './pocket.ts'

const visualizer = await createVisualizer(pack, cpu)
afterAll(() => visualizer.close())

const wanted = { direction: [{ unit: spider, weight: 1 }], size: 64 }

describe('a visualisation', () => {
  test('fires its unit on an un-jittered pass more than almost all the probe pictures do', async () => {
    // Processors round differently, and steps multiply that: 24 steps end at 99.8 % on one and at 99.9 % on another.
    const [size, wantedSteps, share] = [amount(96, 128), amount(24, 64), amount(99, 99.9)]
    const { sigma, activation, steps, picture } = await visualizer.visualize({
      ...wanted,
      size,
      steps: wantedSteps,
    })
    expect(steps).toBe(wantedSteps)
    expect(picture).toMatchObject({ width: size, height: size })
    expect(percentileOf(pack.baseline, spider, sigma)).toBeGreaterThanOrEqual(share)
    expect(activation).toBeCloseTo(sigma * pack.baseline.after.rms[spider]!, 5)
  })

  test.runIf(atLength)(
    'is the same picture for the same seed, another for another, and another with a facet',
    async () => {
      const make = async (more: object) =>
        (await visualizer.visualize({ ...wanted, steps: 3, ...more })).picture
      const first = await make({ seed: 7 })
      expect(await make({ seed: 7 })).toEqual(first)
      expect(await make({ seed: 8 })).not.toEqual(first)
      const facets = await Promise.all(visualizer.facets.map((facet) => make({ seed: 7, facet })))
      expect(facets).toHaveLength(3)
      for (const one of facets) expect(one).not.toEqual(first)
    },
  )

  test('shows how it grows, and what it is in the end', async () => {
    const seen: number[] = []
    const made = await visualizer.visualize(
      { ...wanted, steps: 8 },
      { onProgress: ({ step, steps, picture }) => seen.push(step, steps, picture.data.length) },
    )
    expect(seen.slice(-3)).toEqual([8, 8, made.picture.data.length])
  })

  test('stops where it is when its time is up', async () => {
    const { steps } = await visualizer.visualize({ ...wanted, steps: 2048, budgetMs: 200 })
    expect(steps).toBeGreaterThan(0)
    expect(steps).toBeLessThan(2048)
  })

  test('stops when it is aborted', async () => {
    const abort = new AbortController()
    const made = visualizer.visualize({ ...wanted, steps: 2048 }, { signal: abort.signal })
    setTimeout(() => abort.abort(), 100)
    await expect(made).rejects.toMatchObject({ code: 'cancelled' })
  })

  test.each([
    [{ ...wanted, steps: 0 }, 'The number of steps must be a whole number from 1 to 2048.'],
    [{ ...wanted, size: 31 }, 'The size must be a whole number from 32 to 512.'],
    [{ direction: [{ unit: 1024, weight: 1 }] }, 'A unit must be a whole number from 0 to 1023.'],
    [{ ...wanted, facet: 'pose' }, 'This model has no facet "pose"; its facets are drawing, photo, word.'],
  ])('of something that doesn’t exist is refused in one sentence: %j', async (request, message) => {
    await expect(visualizer.visualize(request)).rejects.toMatchObject({ code: 'bad-option', message })
  })
})
