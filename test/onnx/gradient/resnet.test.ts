import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { gradient, type Graph } from '../../../src/onnx/index.ts'
import { clipResNet, normals, type ResNetShape, rn50 } from '../clip-resnet.ts'
import { open } from '../run.ts'

const python = '/usr/bin/python3'
const peer = join(import.meta.dirname, '..', 'peer', 'resnet.py')
const torch = spawnSync(python, ['-c', 'import torch']).status === 0

interface Result {
  readonly activations: ArrayLike<number>
  readonly gradient: ArrayLike<number>
}

/** PyTorch's answer for the weights of the same graph, which stand in it in the order of the convolutions. */
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
    const { status, stderr } = spawnSync(python, [peer, folder], { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    // A copy, for what a file is read into need not begin at a multiple of four.
    const floats = (name: string): Float32Array =>
      new Float32Array(Uint8Array.from(readFileSync(join(folder, name))).buffer)
    return { activations: floats('activations.bin'), gradient: floats('gradient.bin') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The largest difference as a part of the largest value. */
function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  let [difference, largest] = [0, 0]
  for (let n = 0; n < a.length; n++) {
    difference = Math.max(difference, Math.abs(a[n]! - b[n]!))
    largest = Math.max(largest, Math.abs(b[n]!))
  }
  return difference / largest
}

const trunks: [string, ResNetShape, number[]][] = [
  ['RN50', rn50, [1, 3, 96, 96]],
  ['a narrow one over a batch of two oblong pictures', { width: 16, layers: [1, 2, 1, 2] }, [2, 3, 64, 96]],
]

describe.skipIf(!torch)(
  torch
    ? "a CLIP trunk's gradient is PyTorch's"
    : `skipped: ${python} has no torch to compare a trunk's gradient with`,
  () => {
    test.each(trunks)('%s', async (_, shape, image) => {
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
  },
)
