import { afterAll, describe, expect, test } from 'vitest'
import { preprocess } from '../../src/clip/preprocess.ts'
import { squareOf } from '../../src/pictures/square.ts'
import { openProbeSet } from '../../src/clip/probe-set.ts'
import { scale, sum, unit, unlikely, unlikeSketch } from '../../src/visualization/objective.ts'
import { addPictureTerms } from '../../src/visualization/picture-terms.ts'
import { openPrior, priorFile } from '../../src/visualization/prior.ts'
import { createRandom } from '../../src/visualization/random.ts'
import { createRenderer } from '../../src/visualization/render.ts'
import { cpu, dot, pack, packFolder, spider, still } from './pocket.ts'
import { join } from 'node:path'

const prior = (await openPrior(pack, cpu))!
afterAll(() => prior.close())

const colours = { mean: [0, 0, 0], std: [1, 1, 1] }
const meanSquare = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length

describe('the prior of the pocket pack', () => {
  test.each([0.1, 0.3, 0.6])('takes most of a noise of %d off a drawing it has never seen', async (sigma) => {
    const probe = await openProbeSet(join(packFolder, 'probe'))
    const random = createRandom(1)
    const drawings = probe.items.filter(({ kind, heldOut }) => kind === 'emoji' && heldOut).slice(0, 10)
    for (const item of drawings) {
      const clean = preprocess(squareOf(await probe.picture(item), prior.side), colours)
      const noisy = clean.map((value) => value + sigma * random.normal())
      const left = meanSquare(await prior.denoise(noisy, sigma), clean)
      expect(left).toBeLessThan(meanSquare(noisy, clean) / 2)
    }
  })

  test('makes pictures that it finds likelier than those made without it', async () => {
    const options = { ...cpu, style: { ...still, noise: [0.3, 0.1] as const } }
    const unlikelihood = async (given: { prior?: typeof prior }) => {
      const renderer = createRenderer(pack, given, options)
      const objective = sum(unit(spider), scale(-50, unlikely()))
      const { picture } = await renderer.render(objective, { steps: 20, size: prior.side, seed: 1 })
      await renderer.close()
      const pixels = preprocess(picture, colours)
      return meanSquare(pixels, await prior.denoise(pixels, 0.1))
    }
    expect(await unlikelihood({ prior })).toBeLessThan((await unlikelihood({})) / 2)
  })
})

test('being unlike the sketch pulls towards it, and counts for nothing without one', () => {
  const [picture, sketch] = [
    [0.2, 0.5, 1],
    [0.5, 0.5, 0],
  ].map((values) => Float32Array.from(values))
  const gradient = new Float32Array(3)
  const terms = { picture: picture!, size: 1, gradient }
  expect(addPictureTerms(scale(-3, unlikeSketch()), { ...terms, sketch })).toBeCloseTo(-1.09, 5)
  expect([...gradient].map((value) => Number(value.toFixed(5)))).toEqual([0.6, 0, -2])
  expect(addPictureTerms(scale(-3, unlikeSketch()), terms)).toBe(0)
})

test('being unlikely pulls towards what the prior says, and counts for nothing without a prior', () => {
  const random = createRandom(2)
  const [picture, clean, along] = Array.from({ length: 3 }, () =>
    Float32Array.from({ length: 3 * 8 * 8 }, () => random.between(0, 1)),
  ) as [Float32Array, Float32Array, Float32Array]
  const objective = scale(-3, unlikely())
  const gradient = new Float32Array(picture.length)
  expect(addPictureTerms(objective, { picture, size: 8, gradient, clean })).toBeCloseTo(
    -3 * meanSquare(picture, clean),
    6,
  )
  const at = (t: number) =>
    -3 *
    meanSquare(
      picture.map((value, i) => value + t * along[i]!),
      clean,
    )
  expect(dot(gradient, along)).toBeCloseTo((at(0.01) - at(-0.01)) / 0.02, 3)
  expect(addPictureTerms(objective, { picture, size: 8, gradient })).toBe(0)
})

test('a pack whose pack.json names no prior has none', async () => {
  const files = pack.facts.files.filter(({ path }) => path !== priorFile)
  expect(await openPrior({ ...pack, facts: { ...pack.facts, files } }, cpu)).toBeUndefined()
})
