import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEncoder, type Encoder } from '../../src/clip/encoder.ts'
import { selfTestSchema } from '../../src/clip/pack-schema.ts'
import { openPack, type Pack } from '../../src/clip/pack.ts'
import { loadTapped, openPictureEncoder } from '../../src/clip/picture-encoder.ts'
import type { RawPicture } from '../../src/pictures/picture.ts'
import { projectRoot } from '../../src/root.ts'
import { channels, type ExportForm, littleSide, writeLittlePack } from './little-pack.ts'

const cpu = { provider: 'cpu', threads: 1 } as const

const square = (side: number, seed: number): RawPicture => ({
  width: side,
  height: side,
  data: Uint8Array.from({ length: side * side * 3 }, (_, i) => (i * seed * 7 + (i >> 5) * 13) % 256),
})

const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (value, i) => Math.abs(value - b[i]!)).reduce((most, value) => Math.max(most, value), 0)

describe('the pocket pack', () => {
  let pack: Pack
  let encoder: Encoder
  beforeAll(async () => {
    pack = await openPack(join(projectRoot, 'models', 'pocket'))
    encoder = await createEncoder(pack, cpu)
  })
  afterAll(() => encoder.close())

  test('passes its self-test and says how long a picture takes', async () => {
    const { modelMs } = await encoder.selfTest()
    expect(modelMs).toBeGreaterThan(0)
  })

  test('gives what ONNX Runtime for Python gave for its self-test picture, to 1e-4', async () => {
    const file = readFileSync(join(pack.folder, 'self-test.json'), 'utf8')
    const { rgb, embedding } = selfTestSchema.parse(JSON.parse(file))
    const data = Buffer.from(rgb, 'base64')
    const [encoded] = await encoder.encodePictures([{ width: 160, height: 160, data }])
    expect(apart(encoded!.embedding, embedding)).toBeLessThan(1e-4)
  })

  test('gives a map for each unit, and the embedding is their rectified means at length 1', async () => {
    const [encoded] = await encoder.encodePictures([square(160, 3)])
    const { map, embedding } = encoded!
    expect([map.channels, map.height, map.width, map.data.length]).toEqual([1024, 7, 7, 1024 * 49])
    const strengths = Array.from({ length: 1024 }, (_, unit) =>
      map.data.subarray(unit * 49, unit * 49 + 49).reduce((sum, value) => sum + Math.max(0, value) / 49, 0),
    )
    const length = Math.hypot(...strengths)
    expect(length).toBeGreaterThan(0)
    expect(
      apart(
        embedding,
        strengths.map((value) => value / length),
      ),
    ).toBeLessThan(1e-5)
  })

  test('several pictures in one run each come out as they do alone', async () => {
    const squares = [2, 3, 5, 8].map((seed) => square(160, seed))
    const together = await encoder.encodePictures(squares)
    for (const [i, one] of squares.entries()) {
      const [alone] = await encoder.encodePictures([one])
      expect(apart(together[i]!.embedding, alone!.embedding)).toBeLessThan(1e-5)
      expect(apart(together[i]!.map.data, alone!.map.data)).toBeLessThan(1e-3)
    }
  })

  test('texts of different lengths in one run each come out as they do alone', async () => {
    const texts = ['a drawing of a spider', 'yellow', '', 'a photo of a piggy bank on a table in a kitchen']
    const together = await encoder.encodeTexts(texts)
    for (const [i, text] of texts.entries()) {
      const [alone] = await encoder.encodeTexts([text])
      expect(apart(together[i]!, alone!)).toBeLessThan(1e-5)
      expect(Math.hypot(...alone!)).toBeCloseTo(1, 4)
    }
  })

  test('takes more texts than fit into one run', async () => {
    const texts = Array.from({ length: 150 }, (_, i) => pack.vocabulary[i]!.text)
    const encoded = await encoder.encodeTexts(texts)
    expect(encoded).toHaveLength(150)
    expect(apart(encoded[149]!, (await encoder.encodeTexts([texts[149]!]))[0]!)).toBeLessThan(1e-5)
  })
})

describe('packs in the form of OpenAI’s exports', () => {
  const folder = mkdtempSync(join(tmpdir(), 'neuron-games-little-'))
  const forms: ExportForm[] = ['open batch', 'batch of 1', 'uint8 pixels']
  const encoders = new Map<ExportForm, Encoder>()
  beforeAll(async () => {
    for (const form of forms) {
      await writeLittlePack(join(folder, form), form)
      encoders.set(form, await createEncoder(await openPack(join(folder, form)), cpu))
    }
  })
  afterAll(async () => {
    for (const encoder of encoders.values()) await encoder.close()
    rmSync(folder, { recursive: true })
  })

  test.each(forms)('%s: the tap is found by structure, and pictures and texts are encoded', async (form) => {
    const encoder = encoders.get(form)!
    await encoder.selfTest()
    const encoded = await encoder.encodePictures([
      square(littleSide, 2),
      square(littleSide, 3),
      square(littleSide, 5),
    ])
    expect(encoded.map(({ map }) => [map.channels, map.height, map.width])).toEqual(
      Array.from({ length: 3 }, () => [channels, 2, 2]),
    )
    // Before the ReLU: inhibition shows.
    expect(Math.min(...encoded[0]!.map.data)).toBeLessThan(0)
    expect(await encoder.encodeTexts(['cat', 'dog photo', 'cat'])).toHaveLength(3)
  })

  test('all forms of one model give the same', async () => {
    const squares = [square(littleSide, 2), square(littleSide, 11)]
    const wanted = await encoders.get('open batch')!.encodePictures(squares)
    const words = await encoders.get('open batch')!.encodeTexts(['cat', 'dog'])
    for (const form of forms) {
      const encoded = await encoders.get(form)!.encodePictures(squares)
      encoded.forEach(({ embedding, map }, i) => {
        expect(apart(embedding, wanted[i]!.embedding)).toBeLessThan(1e-4)
        expect(apart(map.data, wanted[i]!.map.data)).toBeLessThan(1e-3)
      })
      const texts = await encoders.get(form)!.encodeTexts(['cat', 'dog'])
      texts.forEach((embedding, i) => expect(apart(embedding, words[i]!)).toBeLessThan(1e-6))
    }
  })

  test('a model that only runs in a few batch sizes, as on a graphics processor, gives the same', async () => {
    const squares = [2, 3, 5, 7, 11, 13, 17].map((seed) => square(littleSide, seed))
    const wanted = await encoders.get('open batch')!.encodePictures(squares)
    const pack = await openPack(join(folder, 'open batch'))
    const pictures = await openPictureEncoder(pack, await loadTapped(pack, cpu), [1, 4])
    for (const count of [1, 2, 7]) {
      const encoded = await pictures.encode(squares.slice(0, count))
      expect(encoded).toHaveLength(count)
      encoded.forEach(({ embedding, map }, i) => {
        expect(apart(embedding, wanted[i]!.embedding)).toBeLessThan(1e-5)
        expect(apart(map.data, wanted[i]!.map.data)).toBeLessThan(1e-3)
      })
    }
    await pictures.close()
  })

  test('a tap named in pack.json is taken by its name', async () => {
    const path = join(folder, 'named')
    await writeLittlePack(path, 'open batch', {
      tap: { tensor: 'activations', channels: channels, map: [2, 2] },
    })
    const encoder = await createEncoder(await openPack(path), cpu)
    await encoder.selfTest()
    await encoder.close()
    expect(encoder).toBeDefined()
  })
})
