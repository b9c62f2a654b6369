import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sealPack } from '../../src/clip/seal.ts'
import { createEncoder } from '../../src/clip/encoder.ts'
import {
  type Baseline,
  type PackFacts,
  packFiles,
  type PackUnit,
  type SelfTest,
  type Tuning,
  tuningFile,
} from '../../src/clip/pack-schema.ts'
import { openPack } from '../../src/clip/pack.ts'
import { ownerError } from '../../src/errors.ts'
import { projectRoot } from '../../src/root.ts'

const pocket = join(projectRoot, 'models', 'pocket')
const cpu = { provider: 'cpu', threads: 1 } as const

describe('the pocket pack', () => {
  test('opens, with what it says of itself', async () => {
    const { facts, units, baseline, vocabulary } = await openPack(pocket)
    expect(facts).toMatchObject({ id: 'pocket', embedding: 'units', picture: { side: 160 } })
    expect(units).toHaveLength(1024)
    expect(baseline.after.rms).toHaveLength(1024)
    expect(vocabulary.length).toBeGreaterThan(7000)
  })

  test('is plain data that can be handed to a worker thread', async () => {
    const pack = await openPack(pocket)
    expect(isDeepStrictEqual(structuredClone(pack), pack)).toBe(true)
  })
})

describe('one sentence says what is wrong with a pack, and names the file', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'neuron-games-pack-'))
    const { files } = JSON.parse(readFileSync(join(pocket, 'pack.json'), 'utf8')) as PackFacts
    for (const name of ['pack.json', ...files.map(({ path }) => path)])
      cpSync(join(pocket, name), join(folder, name))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** Changes a JSON file; its new hash is written into pack.json, so that only the change itself is wrong. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- names the file's type where it is called
  async function change<T>(name: string, edit: (content: T) => void): Promise<void> {
    const content = JSON.parse(readFileSync(join(folder, name), 'utf8')) as T
    edit(content)
    writeFileSync(join(folder, name), JSON.stringify(content))
    if (name !== 'pack.json') await sealPack(folder, [name])
  }
  const load = async () => {
    const encoder = await createEncoder(await openPack(folder), cpu)
    try {
      await encoder.selfTest()
    } finally {
      await encoder.close()
    }
  }
  const wrong = (file: string, rest: string) => ownerError('bad-pack', `${join(folder, file)}${rest}`)

  test('no folder', async () => {
    const file = join(folder, 'nowhere', 'pack.json')
    await expect(openPack(join(folder, 'nowhere'))).rejects.toEqual(
      ownerError('bad-pack', `The model pack lacks ${file}: put the file back or choose another pack.`),
    )
  })

  test('a file is missing', async () => {
    rmSync(join(folder, 'text.onnx'))
    await expect(openPack(folder)).rejects.toEqual(
      ownerError(
        'bad-pack',
        `The model pack lacks ${join(folder, 'text.onnx')}: put the file back or choose another pack.`,
      ),
    )
  })

  test('a file has another hash', async () => {
    const bytes = readFileSync(join(folder, 'image.onnx'))
    bytes[5000]! ^= 1
    writeFileSync(join(folder, 'image.onnx'), bytes)
    await expect(openPack(folder)).rejects.toEqual(
      wrong('image.onnx', ' is not the file that pack.json names: fetch it again.'),
    )
  })

  test('a file is cut short', async () => {
    writeFileSync(join(folder, 'image.onnx'), readFileSync(join(folder, 'image.onnx')).subarray(0, 1000))
    await expect(openPack(folder)).rejects.toEqual(
      wrong(
        'image.onnx',
        ` is not the file that pack.json names (1000 bytes instead of ${statSync(join(pocket, 'image.onnx')).size}): fetch it again.`,
      ),
    )
  })

  test('pack.json is not JSON', async () => {
    writeFileSync(join(folder, 'pack.json'), '{')
    await expect(openPack(folder)).rejects.toEqual(
      wrong('pack.json', ' is not JSON: put the original file back.'),
    )
  })

  test('pack.json has a wrong value', async () => {
    await change<PackFacts>('pack.json', (facts) => Object.assign(facts.picture, { side: 'large' }))
    await expect(openPack(folder)).rejects.toThrow(/pack\.json is wrong at picture\.side: .*number/)
  })

  test('pack.json leaves a file out', async () => {
    await change<PackFacts>('pack.json', (facts) => facts.files.pop())
    await expect(openPack(folder)).rejects.toEqual(
      wrong('pack.json', ' lists no vocabulary.json: add it with its sha256 and bytes.'),
    )
  })

  test('pack.json points outside the pack', async () => {
    await change<PackFacts>('pack.json', (facts) => (facts.files[0]!.path = '../secret'))
    await expect(openPack(folder)).rejects.toThrow(
      'pack.json is wrong at files.0.path: must be a path inside the pack',
    )
  })

  test('the catalogue names a unit that does not exist', async () => {
    await change<{ units: PackUnit[] }>(packFiles.catalogue, ({ units }) => (units[7]!.unit = 1024))
    await expect(openPack(folder)).rejects.toThrow(
      /neurons\.json names unit 1024 \(".+"\), but the model has units 0 to 1023: take it out\.$/,
    )
  })

  test('the baseline has numbers for other units', async () => {
    await change<Baseline>(packFiles.baseline, ({ after }) => after.rms.pop())
    await expect(openPack(folder)).rejects.toEqual(
      wrong('baseline.json', ' has 1023 numbers in after.rms, but pack.json names 1024 units.'),
    )
  })

  test('a histogram does not fit its edges', async () => {
    await change<Baseline>(packFiles.baseline, (baseline) => {
      const counts = Array.from({ length: 1024 }, () => [1, 2, 3])
      baseline.histogram = { edges: [0, 1, 2], counts }
    })
    await expect(openPack(folder)).rejects.toEqual(
      wrong('baseline.json', ' has 3 counts for unit 0 and 3 edges.'),
    )
  })

  test('the measurements are of another model', async () => {
    await change<Tuning>(tuningFile, ({ units }) => units.pop())
    await expect(openPack(folder)).rejects.toEqual(
      wrong('tuning.json', ' tells of 1023 units, but the model has 1024: measure the pack again.'),
    )
  })

  test('a model is not ONNX', async () => {
    writeFileSync(join(folder, 'image.onnx'), 'not a model')
    await sealPack(folder, ['image.onnx'])
    await expect(load()).rejects.toEqual(
      wrong('image.onnx', ' cannot be loaded as an ONNX model: fetch it again.'),
    )
  })

  test('the tap is not there', async () => {
    await change<PackFacts>('pack.json', (facts) => (facts.tap.tensor = 'elsewhere'))
    await expect(load()).rejects.toEqual(
      wrong('image.onnx', ' has no tensor "elsewhere" to tap: correct "tap" in pack.json.'),
    )
  })

  test('the tap is left to be found, but no residual sum has that many channels', async () => {
    await change<PackFacts>('pack.json', (facts) => (facts.tap = { channels: 1024, map: [7, 7] }))
    await expect(load()).rejects.toEqual(
      wrong('image.onnx', ' has no residual sum of 1024 channels to tap: correct "tap" in pack.json.'),
    )
  })

  test('the tap has another shape', async () => {
    await change<PackFacts>('pack.json', (facts) => (facts.tap.map = [9, 9]))
    await expect(load()).rejects.toEqual(
      wrong(
        'image.onnx',
        ' gives [1, 1024, 7, 7] at "activations", not 1024 maps of 9 by 9: correct "tap" in pack.json.',
      ),
    )
  })

  test('the model takes pictures of another size', async () => {
    await change<PackFacts>('pack.json', (facts) => (facts.picture.side = 288))
    await expect(load()).rejects.toEqual(
      wrong(
        'image.onnx',
        ' takes float32 [N, 3, 160, 160] and not pictures of 288 px: correct "picture" in pack.json.',
      ),
    )
  })

  test('the embedding has another length', async () => {
    await change<PackFacts>('pack.json', (facts) => (facts.dimensions = 640))
    await expect(load()).rejects.toEqual(
      wrong('image.onnx', ' has no output of 640 numbers: correct "dimensions" in pack.json.'),
    )
  })

  test('the tokens are of another kind', async () => {
    await change<PackFacts>('pack.json', (facts) => (facts.text.tokens = 'clip-bpe'))
    await expect(load()).rejects.toThrow(/tokenizer\.json is wrong at model: /)
  })

  test('the self-test is off: mean and std are not the model’s', async () => {
    await change<PackFacts>('pack.json', (facts) => (facts.picture.mean = [0, 0, 0]))
    await expect(load()).rejects.toThrow(
      /image\.onnx fails its self-test on cpu \(off by 0\.\d+\): fetch the pack again or choose another provider\.$/,
    )
  })

  test('the self-test is off: the text encoder gives something else', async () => {
    await change<SelfTest>(packFiles.selfTest, (content) => (content.text = 'a photo of a train'))
    await expect(load()).rejects.toThrow(/text\.onnx fails its self-test on cpu/)
  })

  test('the self-test picture has another size', async () => {
    await change<SelfTest>(packFiles.selfTest, (content) => (content.rgb = content.rgb.slice(0, 400)))
    await expect(load()).rejects.toThrow(/The picture in .*self-test\.json is not 160 by 160 pixels\.$/)
  })
})
