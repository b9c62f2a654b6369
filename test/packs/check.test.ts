import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { drawWord } from '../../src/cards/ink-label.ts'
import { createEncoder } from '../../src/clip/encoder.ts'
import { openPackModels } from '../../src/clip/pack.ts'
import type { PackFacts } from '../../src/clip/pack-schema.ts'
import { sealPack } from '../../src/clip/seal.ts'
import { emptyGraph, GraphBuilder, int, ints, tensor, writeGraph } from '../../src/onnx/index.ts'
import { checkWords, type WordCheck, WordRanks } from '../../src/packs/check/words.ts'
import { publishedWords, tenNeurons } from '../../src/packs/published.ts'
import { encodingsOf, keptFile, writtenWords } from '../../src/packs/measure/activations.ts'
import { dimensions, littleSide, writeLittlePack } from '../clip/little-pack.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'neuron-games-check-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const words = (
  'spider yellow happy river window garden pencil rocket castle butter orange violin kitchen thunder marble ' +
  'anchor bridge candle desert engine forest guitar hammer island jungle ladder market needle office planet'
).split(' ')

/** A unit for each word, with the printed word minus its mean as weights. */
function planted(order: readonly number[]): Uint8Array {
  const pixels = littleSide * littleSide
  const weights = new Float32Array(words.length * 3 * pixels)
  for (const [unit, word] of order.entries()) {
    const { data } = drawWord({ word: words[word]!, side: littleSide })
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length
    const length = Math.hypot(...Array.from(data, (value) => value - mean))
    for (let pixel = 0; pixel < pixels; pixel++)
      for (let channel = 0; channel < 3; channel++)
        weights[(unit * 3 + channel) * pixels + pixel] = (data[pixel * 3 + channel]! - mean) / length
  }
  const g = new GraphBuilder(emptyGraph(17))
  const image = g.input('image', 'float32', [1, 3, littleSide, littleSide])
  const kernels = g.constant(tensor('float32', [words.length, 3, littleSide, littleSide], weights))
  const bias = g.constant(tensor('float32', [1, words.length, 1, 1], new Float32Array(words.length).fill(-5)))
  const sum = g.op(
    'Add',
    [g.op('Conv', [image, kernels], { kernel_shape: ints([littleSide, littleSide]) }), bias],
    {},
    'activations',
  )
  const pooled = g.op('ReduceMean', [g.op('Relu', [sum])], { axes: ints([2, 3]), keepdims: int(0) })
  const projection = new Float32Array(words.length * dimensions).fill(1)
  const read = g.constant(tensor('float32', [words.length, dimensions], projection))
  g.op('MatMul', [pooled, read], {}, 'embedding')
  const graph = g.build(['embedding', 'activations'])
  const open = (shape: (number | string)[]) => ({ type: 'float32' as const, shape })
  return writeGraph({
    ...graph,
    inputs: [{ name: 'image', ...open(['n', 3, littleSide, littleSide]) }],
    outputs: [
      { name: 'embedding', ...open(['n', dimensions]) },
      { name: 'activations', ...open(['n', words.length, 1, 1]) },
    ],
    values: new Map(),
  })
}

/** Opens a pack whose unit u answers to word order[u]. */
async function opened(order: readonly number[]) {
  await writeLittlePack(folder, 'open batch')
  const { facts } = await openPackModels(folder)
  writeFileSync(join(folder, 'image.onnx'), planted(order))
  const tap = { tensor: 'activations', channels: words.length, map: [1, 1] }
  writeFileSync(join(folder, 'pack.json'), JSON.stringify({ ...facts, tap }))
  await sealPack(folder, ['image.onnx'])
  const model = await openPackModels(folder)
  return { model, encoder: await createEncoder(model, { provider: 'cpu', threads: 1 }) }
}

/** Runs the check on a pack whose unit u answers to word order[u] but is said to answer to word u. */
async function checked(order: readonly number[]): Promise<WordCheck> {
  const { model, encoder } = await opened(order)
  try {
    const drawn = writtenWords(words)
    const written = await encodingsOf(model, encoder, drawn.pictures(model), {
      kept: await keptFile(model, 'words', words),
      onProgress: () => {},
    })
    return checkWords(
      new WordRanks(drawn.words, written),
      words.map((word) => [word]),
    )
  } finally {
    await encoder.close()
  }
}

test('units that answer to their words pass', async () => {
  const { pairs, share, chance, passed } = await checked(words.map((_, n) => n))
  expect(pairs).toBe(words.length)
  expect(share).toBeGreaterThan(0.8)
  expect(chance).toBe(0.05)
  expect(passed).toBe(true)
})

test('the same units with their channels shuffled fail', async () => {
  // Every unit has another one's weights.
  const { share, passed } = await checked(words.map((_, n) => (n + 11) % words.length))
  expect(share).toBeLessThan(0.2)
  expect(passed).toBe(false)
})

test('what was measured before a stop in the middle of a row is not measured again', async () => {
  const { model, encoder } = await opened(words.map((_, n) => n))
  try {
    const drawn = writtenWords(words)
    const measure = (kept: string, until = Infinity) => {
      const stop = new AbortController()
      const progress: number[] = []
      const onProgress = (done: number) => {
        progress.push(done)
        if (done >= until) stop.abort()
      }
      const options = { kept, signal: stop.signal, onProgress }
      return { progress, result: encodingsOf(model, encoder, drawn.pictures(model), options) }
    }
    const kept = await keptFile(model, 'words', words)
    await expect(measure(kept, 16).result).rejects.toThrow('aborted')
    appendFileSync(kept, 'half a row')
    const { progress, result } = measure(kept)
    const resumed = await result
    expect(progress).toEqual([16, 32, 48, 60])
    expect(resumed).toEqual(await measure(join(folder, 'other')).result)
    await keptFile(model, 'words', words.slice(1))
    expect(existsSync(kept), 'rows of other pictures are removed').toBe(false)
  } finally {
    await encoder.close()
  }
})

test("for the paper's own model the words of its ten best-known neurons are drawn, too", () => {
  const drawn = publishedWords({ id: 'rn50x4', tap: { channels: 2560 } } as PackFacts)
  expect(drawn).toEqual(expect.arrayContaining(tenNeurons.map(({ word }) => word)))
  expect(publishedWords({ id: 'mine', tap: { channels: 2560 } } as PackFacts)).toBeUndefined()
})
