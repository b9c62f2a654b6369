import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { gradient, type Graph, readGraph } from '../../../src/onnx/index.ts'
import { normals } from '../clip-resnet.ts'
import { open } from '../run.ts'

const path = join(import.meta.dirname, '..', '..', '..', 'models', 'pocket', 'image.onnx')
const there = existsSync(path)
const orSkipped = there ? '' : ' (skipped: models/pocket has no image.onnx)'

/** The last layer of MobileNet v2, the trunk that takes any size. */
const trunk = 'features'

describe.skipIf(!there)(`the pocket model's gradient agrees with differences${orSkipped}`, () => {
  let model: Graph
  beforeAll(async () => {
    model = await readGraph(path)
  })

  test.each<[string, string, number[]]>([
    ['the whole encoder, to the embedding', 'embedding', [1, 3, 160, 160]],
    ['two pictures at once', 'embedding', [2, 3, 160, 160]],
    ['the units, through the attention', 'activations', [1, 3, 160, 160]],
    ['the trunk for photographs at a size of its own', trunk, [1, 3, 128, 96]],
  ])('%s', async (_, of, shape) => {
    const both = gradient(model, { of, withRespectTo: 'image', keep: [of], shapes: { image: shape } })
    const random = normals(3)
    const map = both.inputs.find(({ name }) => name === `d_${of}`)!.shape as number[]
    const upstream = Array.from({ length: map.reduce((all, size) => all * size, 1) }, random)
    const run = await open(both)
    const at = async (values: number[]) => {
      const results = await run({
        image: { type: 'float32', shape, values },
        [`d_${of}`]: { type: 'float32', shape: map, values: upstream },
      })
      return { value: dot(results[of]!, upstream), slope: results['d_image']! }
    }
    // A smooth picture: noise drives every unit to its kink.
    const [height, width] = [shape[2]!, shape[3]!]
    const picture = Array.from(
      { length: shape.reduce((all, size) => all * size, 1) },
      (__, n) => 0.8 * Math.sin((n % width) / 9) * Math.cos((Math.floor(n / width) % height) / 13),
    )
    const { slope } = await at(picture)
    const length = Math.sqrt(dot(slope, slope))
    expect(length).toBeGreaterThan(0.01)
    // Along the gradient itself, over so short a way that hardly any unit crosses 0.
    const step = 3e-5
    const moved = (by: number) => picture.map((value, n) => value + (by * slope[n]!) / length)
    const difference = ((await at(moved(step))).value - (await at(moved(-step))).value) / (2 * step)
    expect(Math.abs(difference / length - 1)).toBeLessThan(0.01)
  })
})

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, n) => sum + value * b[n]!, 0)
}
