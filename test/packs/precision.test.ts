import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, describe, expect, test } from 'vitest'
import { openPackModels } from '../../src/clip/pack.ts'
import { emptyGraph, GraphBuilder, halveWeights, tensor, writeGraph } from '../../src/onnx/index.ts'
import { compare } from '../../src/packs/convert/compare.ts'
import { some } from '../examples.ts'
import { encodedWith, importExport } from './converted.ts'
import { type Architecture, exported } from './exports.ts'

const models = mkdtempSync(join(tmpdir(), 'neuron-games-models-'))
afterAll(() => rmSync(models, { recursive: true }))

/** Sums of random weights at half precision, which has 11 bits: off by a few times 2^-11. */
const tolerance = 5e-3

const architectures: Architecture[] = ['small-resnet', 'small-vit']
describe.each(some(1, architectures))('%s with 16-bit weights', (architecture) => {
  test('takes half the disk space, and computes what PyTorch does, to 16 bits', async () => {
    const files = exported(architecture, 'A1')
    const [full, half] = [
      await importExport(models, architecture, 'A1'),
      await importExport(models, architecture, 'A1', 'fp16'),
    ]
    const weights = (folder: string): number => statSync(join(folder, 'image.weights')).size
    expect(weights(half)).toBeLessThan(0.75 * weights(full))
    const pack = await openPackModels(half)
    expect(pack.facts.architecture).toContain('weights kept as float16')

    const { activations, embeddings } = await encodedWith(pack, files)
    const off = compare(activations, files.expected('activations'))
    expect(off).toBeGreaterThan(0)
    expect(off).toBeLessThan(tolerance)
    expect(compare(embeddings, files.expected('embedding'))).toBeLessThan(tolerance)
  })
})

describe('16-bit weights', () => {
  const graphWith = (values: Float32Array) => {
    const g = new GraphBuilder(emptyGraph(17))
    g.op(
      'Mul',
      [g.input('x', 'float32', [1]), g.constant(tensor('float32', [values.length], values))],
      {},
      'y',
    )
    return g.build(['y'])
  }

  test('give the nearest numbers of 11 bits, to inputs and outputs of 32', async () => {
    const values = Float32Array.from({ length: 2000 }, (_, n) => (n - 1000) / 7)
    const { half } = halveWeights({ half: graphWith(values) })
    const session = await InferenceSession.create(writeGraph(half))
    const { y } = await session.run({ x: new Tensor('float32', [1], [1]) })
    await session.release()
    expect(y!.type).toBe('float32')
    const off = Array.from(y!.data as Float32Array, (value, n) => Math.abs(value - values[n]!))
    expect(Math.max(...off)).toBeGreaterThan(0)
    for (const [n, difference] of off.entries())
      expect(difference).toBeLessThanOrEqual(Math.abs(values[n]!) * 2 ** -11)
  })

  test('are refused if one does not fit, with its name and what to do', () => {
    const values = new Float32Array(2000).fill(7e4)
    expect(() => writeGraph(halveWeights({ half: graphWith(values) }).half)).toThrow(
      /contain 7.00e\+4, which does not fit into 16 bits: leave out --precision/,
    )
  })
})
