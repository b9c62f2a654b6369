import { afterAll, describe, expect, test } from 'vitest'
import { preprocess } from '../../src/clip/preprocess.ts'
import { squareOf } from '../../src/pictures/square.ts'
import type { RawPicture } from '../../src/pictures/picture.ts'
import {
  contrast,
  direction,
  facet,
  greyness,
  minus,
  type Objective,
  others,
  scale,
  sum,
  unit,
  unusual,
  variation,
} from '../../src/visualization/objective.ts'
import { addPictureTerms } from '../../src/visualization/picture-terms.ts'
import { createRandom } from '../../src/visualization/random.ts'
import { openScorer } from '../../src/visualization/scorer.ts'
import { weightsOf } from '../../src/visualization/weights.ts'
import { some } from '../examples.ts'
import { cpu, dot, facets, pack, spider, stillRenderer, tractor } from './pocket.ts'

const { side } = pack.facts.picture
const renderer = stillRenderer()
const scorers = {
  plain: await openScorer(pack, { ...cpu, views: 1, facets, faceted: false }),
  faceted: await openScorer(pack, { ...cpu, views: 1, facets, faceted: true }),
}
afterAll(() => Promise.all([renderer.close(), scorers.plain.close(), scorers.faceted.close()]))

/** The value of an objective on a finished picture. */
async function valueOn(objective: Objective, picture: RawPicture): Promise<number> {
  const scorer = objective.some(({ kind }) => kind === 'facet') ? scorers.faceted : scorers.plain
  const images = preprocess(squareOf(picture, side), pack.facts.picture)
  const { score } = await scorer.score(images, weightsOf(pack, facets, objective))
  const pixels = Float32Array.from(
    { length: 3 * side * side },
    (_, i) => picture.data[(i % (side * side)) * 3 + Math.floor(i / (side * side))]! / 255,
  )
  return (
    score +
    addPictureTerms(objective, { picture: pixels, size: side, gradient: new Float32Array(pixels.length) })
  )
}

describe('three steps raise', () => {
  const base = unit(spider)
  const objectives: Record<string, Objective> = {
    'a unit': unit(spider),
    'a unit as a drawing': sum(base, facet('drawing')),
    'what is usual': scale(-1, unusual()),
    'a unit at a position': unit(spider, { row: 2, column: 4 }),
    'a direction': direction([
      { unit: spider, weight: 1 },
      { unit: tractor, weight: 0.5 },
    ]),
    'a sum': sum(unit(spider), unit(tractor)),
    'a weighted difference': minus(unit(spider), scale(0.5, unit(tractor))),
    'a unit without the others': minus(unit(spider), others()),
    'a unit minus the grey penalty': sum(base, greyness()),
    'the contrast with white': contrast(1),
    'the variation': variation(),
    'what is unusual': unusual(),
    'a unit as a photograph': sum(base, facet('photo')),
    'a unit as a word': sum(base, facet('word')),
  }
  test.each(some(7, Object.entries(objectives)))('%s', async (_, objective) => {
    const at = async (steps: number) =>
      valueOn(objective, (await renderer.render(objective, { steps, size: side, seed: 1 })).picture)
    expect(await at(3)).toBeGreaterThan(await at(0))
  })
})

describe('an objective', () => {
  test('is a value that adds and scales', () => {
    expect(scale(2, sum(unit(1), greyness()))).toEqual([
      { kind: 'unit', unit: 1, weight: 2 },
      { kind: 'contrast', weight: -20, level: 0.5 },
    ])
    expect(minus(unit(1), scale(0.5, unit(2)))).toEqual(
      direction([
        { unit: 1, weight: 1 },
        { unit: 2, weight: -0.5 },
      ]),
    )
  })

  test('with a facet that the pack doesn’t have is refused, with the facets it has', () => {
    expect(() => weightsOf(pack, facets, facet('pose'))).toThrow(
      'This model has no facet "pose"; its facets are drawing, photo, word.',
    )
    expect(() => weightsOf(pack, undefined, facet('pose'))).toThrow(
      'This model has no facet "pose"; none were fitted for it, so leave the facet out.',
    )
  })

  test('about the picture itself has the same gradient as finite differences', () => {
    const random = createRandom(1)
    const size = 12
    const picture = Float64Array.from({ length: 3 * size * size }, () => random.between(0, 1))
    const along = picture.map(() => random.normal())
    const objective = sum(contrast(0.3), scale(-2, variation()))
    const gradient = new Float32Array(picture.length)
    const at = (t: number) =>
      addPictureTerms(objective, {
        picture: Float32Array.from(picture, (value, i) => value + t * along[i]!),
        size,
        gradient: new Float32Array(picture.length),
      })
    addPictureTerms(objective, { picture: Float32Array.from(picture), size, gradient })
    const measured = (at(1e-3) - at(-1e-3)) / 2e-3
    expect(dot(gradient, along) / measured).toBeCloseTo(1, 2)
  })

  test('has the same gradient through the model as finite differences, what is usual included', async () => {
    const weights = weightsOf(pack, facets, sum(unit(spider), scale(-0.5, others()), scale(-0.5, unusual())))
    const { picture } = await renderer.render(unit(spider), { steps: 10, size: side, seed: 2 })
    const images = preprocess(squareOf(picture, side), pack.facts.picture)
    const { gradient } = await scorers.plain.score(images, weights)
    // Straight up, where the score changes by more than rounding does.
    const length = Math.hypot(...gradient)
    const along = gradient.map((value) => value / length)
    const at = async (t: number) =>
      (
        await scorers.plain.score(
          images.map((value, i) => value + t * along[i]!),
          weights,
        )
      ).score
    const h = 0.003
    expect(length / (((await at(h)) - (await at(-h))) / (2 * h))).toBeCloseTo(1, 1)
  })
})
