import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEncoder, type Encoder } from '../../src/clip/encoder.ts'
import { meansOf } from '../../src/clip/means.ts'
import { openPackModels } from '../../src/clip/pack.ts'
import { compare } from '../../src/packs/convert/compare.ts'
import { convertPictures } from '../../src/packs/convert/picture.ts'
import { names } from '../../src/packs/convert/pool.ts'
import { checkAgreement, floatTolerance } from '../../src/packs/convert/run.ts'
import { saveGraphs } from '../../src/onnx/index.ts'
import { importPack } from '../../src/packs/import.ts'
import { some } from '../examples.ts'
import { littleTokenizer } from '../clip/little-pack.ts'
import { type Architecture, exported, type Shape, shapes } from './exports.ts'

const identity = { id: 'small', title: 'Small CLIP', source: 'random weights', licence: 'MIT' }
const models = mkdtempSync(join(tmpdir(), 'neuron-games-models-'))
afterAll(() => rmSync(models, { recursive: true }))
const silent = { say: () => {} }

const architectures = ['small-resnet', 'small-vit'] satisfies Architecture[]
const cases = shapes.flatMap((shape) =>
  architectures.map((architecture): [Architecture, Shape] => [architecture, shape]),
)

describe.each(some(4, cases))('%s as %s exports it', (architecture, shape) => {
  const files = exported(architecture, shape)
  let folder: string
  let encoder: Encoder
  beforeAll(async () => {
    const tokenizer = join(models, 'tokenizer.json')
    writeFileSync(tokenizer, JSON.stringify(littleTokenizer()))
    folder = await importPack([files.pictures, files.texts, tokenizer], {
      models,
      identity: { ...identity, id: `${architecture}-${shape.toLowerCase()}` },
      ...silent,
    })
    encoder = await createEncoder(await openPackModels(folder), { provider: 'cpu', threads: 1 })
  })
  afterAll(() => encoder?.close())
  const squares = Array.from({ length: 4 }, (_, n) => {
    const size = 3 * files.side ** 2
    return { width: files.side, height: files.side, data: files.pixels.slice(n * size, (n + 1) * size) }
  })

  test('gives the activations and embeddings that PyTorch gives, in one batch', async () => {
    const encoded = await encoder.encodePictures(squares)
    const { facts } = await openPackModels(folder)
    const last = facts.tap.layer!.includes('block 2 of 3') ? 'activations-before-last' : 'activations'
    const maps = Float32Array.from(encoded.flatMap(({ map }) => [...map.data]))
    expect(compare(maps, files.expected(last))).toBeLessThan(1e-4)
    const embeddings = Float32Array.from(encoded.flatMap(({ embedding }) => [...embedding]))
    expect(compare(embeddings, files.expected('embedding'))).toBeLessThan(1e-4)
  })

  test('gives each unit’s mean without computing its map', async () => {
    const encoded = await encoder.encodePictures(squares)
    const pooled = await encoder.encodePooled(squares)
    for (const [n, { means, embedding }] of pooled.entries()) {
      const wanted = meansOf(encoded[n]!.map)
      expect(compare(means.before, wanted.before)).toBeLessThan(1e-5)
      expect(compare(means.after, wanted.after)).toBeLessThan(1e-5)
      expect(embedding).toEqual(encoded[n]!.embedding)
    }
  })

  // The other architecture has the same text encoder.
  test.runIf(architecture === 'small-resnet')(
    'gives the text embeddings that PyTorch gives, in one batch',
    async () => {
      const session = await InferenceSession.create(join(folder, 'text.onnx'), { logSeverityLevel: 3 })
      const [input] = session.inputMetadata
      const type = input!.isTensor ? input!.type : 'float32'
      const tokens = type === 'int64' ? BigInt64Array.from(files.tokens, BigInt) : files.tokens
      const output = (
        await session.run({ [input!.name]: new Tensor(type as 'int32', tokens as Int32Array, [4, 77]) })
      )[session.outputNames[0]!]!
      const rows = output.data as Float32Array
      const columns = rows.length / 4
      const scaled = rows.map((value, n) => {
        const row = rows.subarray(columns * Math.floor(n / columns), columns * Math.floor(n / columns + 1))
        return value / Math.hypot(...row)
      })
      await session.release()
      expect(compare(scaled, files.expected('text'))).toBeLessThan(1e-4)
    },
  )

  test('says which layer it taps, and leaves nothing but the pack behind', async () => {
    const { facts } = await openPackModels(folder)
    expect(facts.tap.layer).toBe(
      architecture === 'small-resnet'
        ? 'last residual sum before its ReLU'
        : `hidden units of block ${shape === 'B' ? 2 : 3} of 3, before QuickGELU, without the class token`,
    )
    expect(readdirSync(models).filter((name) => name.startsWith('.'))).toEqual([])
    expect(readdirSync(folder).filter((name) => !facts.files.some(({ path }) => path === name))).toEqual([
      'pack.json',
    ])
  })

  test.runIf(architecture === 'small-resnet')('says what each unit adds to an answer', async () => {
    const [encoded] = await encoder.encodePictures(squares.slice(0, 1))
    const { embedding } = (await encoder.encodePictures(squares.slice(1, 2)))[0]!
    const { shares, rest } = (await encoder.explain(encoded!, Array<Float32Array>(70).fill(embedding)))!
    const cosine = encoded!.embedding.reduce((sum, value, n) => sum + value * embedding[n]!, 0)
    expect(shares[0]).toHaveLength(64)
    expect(shares).toHaveLength(70)
    for (const [n, row] of shares.entries())
      expect(row.reduce((sum, share) => sum + share, rest[n]!)).toBeCloseTo(cosine, 5)
  })
})

test('a pack is refused if any of its weights was not written as it was read', async () => {
  const { graph, exported: source } = await convertPictures(exported('small-resnet', 'A2').pictures, {})
  const folder = mkdtempSync(join(models, 'spoilt-'))
  const file = join(folder, 'image.onnx')
  await saveGraphs({ 'image.onnx': graph }, folder, 'image.weights')
  const agree = () => checkAgreement(source, file, names.embedding, floatTolerance)
  await agree()
  const weights = readFileSync(join(folder, 'image.weights'))
  const last = weights.length - 4
  weights.writeFloatLE(weights.readFloatLE(last) + 1, last)
  writeFileSync(join(folder, 'image.weights'), weights)
  await expect(agree()).rejects.toThrow('it gives different embeddings than before')
})
