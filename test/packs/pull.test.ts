import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openPackModels } from '../../src/clip/pack.ts'
import { download } from '../../src/packs/pull/download.ts'
import { listSource } from '../../src/packs/pull/hub.ts'
import { pullPack, type PullOptions } from '../../src/packs/pull/index.ts'
import { pullables, type Source } from '../../src/packs/pull/sources.ts'
import { littleTokenizer } from '../clip/little-pack.ts'
import { exported } from './exports.ts'
import { LoopbackHub } from './hub.ts'

const hub = new LoopbackHub()
let endpoint: string
let models: string
beforeAll(async () => {
  endpoint = await hub.start()
})
afterAll(() => hub.stop())
beforeEach(() => {
  models = mkdtempSync(join(tmpdir(), 'neuron-games-pull-'))
  hub.behaviour = {}
  hub.ranges.length = 0
})
afterEach(() => rmSync(models, { recursive: true }))

const tokenizer = Buffer.from(JSON.stringify(littleTokenizer()))
const file = (path: string): Buffer => readFileSync(path)
const options = (): PullOptions => ({
  models,
  endpoint,
  pauseMs: 1,
  stallMs: 300,
  say: () => {},
  onBytes: () => {},
})
const rn50x4 = pullables.find(({ id }) => id === 'rn50x4')!
const repo = 'immich-app/RN50x4__openai'

function immich(shape: 'A1' | 'A2' | 'B'): Record<string, Buffer> {
  const home = exported('small-resnet', shape).folder
  const sides = shape === 'B' ? ['visual/model.safetensors', 'textual/model.safetensors'] : []
  const names = ['visual/model.onnx', 'textual/model.onnx', 'visual/preprocess_cfg.json', ...sides]
  return {
    ...Object.fromEntries(names.map((name) => [name, file(join(home, name))])),
    'textual/tokenizer.json': tokenizer,
    'visual/fp16/model.armnn': Buffer.from('for another runtime'),
  }
}

const left = (): string[] => readdirSync(models).filter((name) => !name.startsWith('.'))

describe('a pull', () => {
  test('makes a pack that says where it comes from', async () => {
    hub.add(repo, 'main', immich('A1'))
    const folder = await pullPack(rn50x4, options())
    const { facts } = await openPackModels(folder)
    expect(facts.source).toMatch(/^immich-app\/RN50x4__openai at [0-9a-f]{40}$/)
    expect(readdirSync(models)).toEqual(['rn50x4'])
  })

  test('takes side files, whatever they are called', async () => {
    hub.add(repo, 'main', immich('B'))
    await openPackModels(await pullPack(rn50x4, options()))
  })

  test('moves on to the next source if one is gone', async () => {
    const whole = immich('A2')
    hub.add(repo, 'main', { 'README.md': Buffer.from('moved') })
    hub.add(repo, 'v2', whole)
    await openPackModels(await pullPack(rn50x4, options()))
  })

  test('of two at once, one is told that the other is at work', async () => {
    hub.add(repo, 'main', immich('A1'))
    const both = await Promise.allSettled([pullPack(rn50x4, options()), pullPack(rn50x4, options())])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const refused = both.find((one) => one.status === 'rejected')!
    expect(String(refused.reason)).toContain('rn50x4 is already being pulled by another process.')
  })

  test('keeps no wrong bytes of a small file either, of which the hub gives only the hash that git has', async () => {
    hub.add(repo, 'main', immich('A1'))
    const { files } = await listSource(rn50x4.sources[0]!, options())
    const small = files.find(({ path }) => path === 'textual/tokenizer.json')!
    hub.behaviour = { corrupt: true }
    await expect(download(small, join(models, 'tokenizer.json'))).rejects.toThrow(/does not have the hash/)
    expect(readdirSync(models)).toEqual([])
    hub.behaviour = {}
    await download(small, join(models, 'tokenizer.json'))
    expect(readFileSync(join(models, 'tokenizer.json'))).toEqual(tokenizer)
  })

  test.each<[string, () => void, RegExp]>([
    [
      'nothing on the hub',
      () => hub.add(repo, 'main', {}),
      /^rn50x4 cannot be pulled\. .*is not on the hub\./,
    ],
    ['a file that is gone', () => (hub.behaviour = { missing: true }), /is not on the hub any more\./],
    [
      'wrong bytes',
      () => (hub.behaviour = { corrupt: true }),
      /does not have the hash that the hub gives, and was deleted/,
    ],
    [
      'a server that stalls',
      () => (hub.behaviour = { stallAfter: 0 }),
      /the server stalls\. Try again later; what is here already is kept\./,
    ],
    [
      'a name that leads elsewhere',
      () => (hub.behaviour = { evil: '../../evil' }),
      /lists "\.\.\/\.\.\/evil", which is not a safe file name\./,
    ],
  ])('with %s ends in one sentence, and leaves no half pack', async (_, arrange, message) => {
    hub.add(repo, 'main', immich('A1'))
    hub.add(repo, 'v2', {})
    arrange()
    await expect(pullPack(rn50x4, options())).rejects.toThrow(message)
    expect(left()).toEqual([])
  })

  test('with a truncated side file ends in one sentence, and leaves no half pack', async () => {
    const whole = immich('B')
    hub.add(repo, 'main', {
      ...whole,
      'visual/model.safetensors': whole['visual/model.safetensors']!.subarray(0, 5000),
    })
    await expect(pullPack(rn50x4, options())).rejects.toThrow(
      /cannot serve: the side file ".*" ends before the weights ".*" do\.$/,
    )
    expect(left()).toEqual([])
  })

  test('of a model without a tap ends in one sentence', async () => {
    const { texts } = exported('small-resnet', 'A1')
    hub.add(repo, 'main', { ...immich('A1'), 'visual/model.onnx': file(texts) })
    await expect(pullPack(rn50x4, options())).rejects.toThrow(/No ONNX model in .* takes pictures/)
    expect(left()).toEqual([])
  })
})

describe('a download', () => {
  const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, n) => (n * 7) % 251))
  const source: Source = { repo: 'someone/large', revision: 'main', wants: () => true }
  const start = async () => {
    hub.add('someone/large', 'main', { 'model.onnx': bytes })
    return (await listSource(source, { endpoint })).files[0]!
  }
  const quick = { pauseMs: 1, stallMs: 10_000 }

  test('that was killed carries on at the same byte', async () => {
    const one = await start()
    const to = join(models, 'model.onnx')
    hub.behaviour = { stallAfter: 60_000 }
    const stop = new AbortController()
    const killed = download(one, to, {
      ...quick,
      signal: stop.signal,
      onBytes: (n) => n >= 60_000 && stop.abort(),
    })
    await expect(killed).rejects.toThrow(/./)
    expect(existsSync(to)).toBe(false)
    hub.behaviour = {}
    hub.ranges.length = 0
    await download(one, to, quick)
    expect(hub.ranges).toEqual(['bytes=60000-'])
    expect(readFileSync(to).equals(bytes)).toBe(true)
    expect(readdirSync(models)).toEqual(['model.onnx'])
  })

  test('survives connections that break and signed addresses that expire', async () => {
    const one = await start()
    hub.behaviour = { cutAfter: 30_000, expired: 2 }
    await download(one, join(models, 'model.onnx'), quick)
    expect(hub.ranges.slice(0, 2)).toEqual(['', 'bytes=30000-'])
    expect(readFileSync(join(models, 'model.onnx')).equals(bytes)).toBe(true)
  })

  test('from a server that answers with nothing but errors is given up, with a sentence', async () => {
    const one = await start()
    hub.behaviour = { failing: true }
    await expect(download(one, join(models, 'model.onnx'), quick)).rejects.toThrow(
      /could not be downloaded: the server answers 500\. Try again later/,
    )
  })

  test('begins again if the file has changed meanwhile', async () => {
    const one = await start()
    writeFileSync(join(models, 'model.onnx.part'), bytes.subarray(0, 500))
    writeFileSync(join(models, 'model.onnx.part.etag'), '"of another version"')
    await download(one, join(models, 'model.onnx'), quick)
    expect(readFileSync(join(models, 'model.onnx')).equals(bytes)).toBe(true)
  })

  test('with a wrong beginning is thrown away at the end', async () => {
    const one = await start()
    hub.behaviour = { stallAfter: 500 }
    const stop = new AbortController()
    await download(one, join(models, 'model.onnx'), {
      ...quick,
      signal: stop.signal,
      onBytes: (n) => n >= 500 && stop.abort(),
    }).catch(() => {})
    const part = join(models, 'model.onnx.part')
    writeFileSync(part, readFileSync(part).fill(0))
    hub.behaviour = {}
    await expect(download(one, join(models, 'model.onnx'), quick)).rejects.toThrow(/does not have the hash/)
    expect(readdirSync(models)).toEqual([])
  })
})
