import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gradient, type Graph } from '../../../src/onnx/index.ts'
import { some } from '../../examples.ts'
import { clipResNet, normals, type ResNetShape, rn50 } from '../clip-resnet.ts'
import { floatsIn, largestDifference, orSkipped, python, script, torch } from '../peer/torch.ts'
import { open } from '../run.ts'

interface Result {
  readonly activations: ArrayLike<number>
  readonly gradient: ArrayLike<number>
}

/** PyTorch's answer for the weights of the same graph, which are in it in the order of the convolutions. */
function runPeer(
  shape: ResNetShape,
  image: number[],
  trunk: Graph,
  values: number[],
  upstream: number[],
): Result {
  const folder = mkdtempSync(join(tmpdir(), 'peer-'))
  try {
    writeFileSync(join(folder, 'shape.json'), JSON.stringify({ ...shape, image }))
    writeFileSync(
      join(folder, 'weights.bin'),
      Buffer.concat([...trunk.initializers.values()].map(({ bytes }) => bytes)),
    )
    writeFileSync(join(folder, 'image.bin'), Float32Array.from(values))
    writeFileSync(join(folder, 'upstream.bin'), Float32Array.from(upstream))
    const { status, stderr } = spawnSync(python, [script('resnet.py'), folder], { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return {
      activations: floatsIn(join(folder, 'activations.bin')),
      gradient: floatsIn(join(folder, 'gradient.bin')),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const trunks: [string, ResNetShape, number[]][] = [
  ['a narrow one over a batch of two oblong pictures', { width: 16, layers: [1, 2, 1, 2] }, [2, 3, 64, 96]],
  ['RN50', rn50, [1, 3, 64, 64]],
]

describe.skipIf(!torch)(`a CLIP trunk's gradient is PyTorch's${orSkipped}`, () => {
  test.each(some(1, trunks))('%s', async (_, shape, image) => {
    const trunk = clipResNet(shape, image)
    const random = normals(3)
    const numbers = (sizes: readonly number[]): number[] =>
      Array.from({ length: sizes.reduce((all, size) => all * size, 1) }, random)
    const both = gradient(trunk, { of: 'activations', withRespectTo: 'image', keep: ['activations'] })
    const map = both.outputs.find(({ name }) => name === 'activations')!.shape as number[]
    const [values, upstream] = [numbers(image), numbers(map)]
    const run = await open(both)
    const ours = await run({
      image: { type: 'float32', shape: image, values },
      d_activations: { type: 'float32', shape: map, values: upstream },
    })
    const theirs = runPeer(shape, image, trunk, values, upstream)
    expect(largestDifference(ours['activations']!, theirs.activations)).toBeLessThan(1e-4)
    expect(largestDifference(ours['d_image']!, theirs.gradient)).toBeLessThan(1e-3)
  })
})
