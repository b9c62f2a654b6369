import { existsSync } from 'node:fs'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import type { Encoder } from '../../src/clip/encoder.ts'
import { openPack } from '../../src/clip/pack.ts'
import { ownerError } from '../../src/errors.ts'
import { chooseProvider } from '../../src/jobs/choose-provider.ts'
import { createEngine } from '../../src/jobs/in-process.ts'
import type { Provider, ProviderSetting } from '../../src/jobs/engine.ts'
import { projectRoot } from '../../src/root.ts'
import { packFolder } from './noise.ts'

/** What a machine would do with each provider: how long one picture takes, or how it fails. */
type Machine = Partial<Record<Provider, number | Error>>

/** Chooses on that machine, and says which encoders were left open. */
async function chooseOn(machine: Machine, setting: ProviderSetting) {
  const open = new Set<Provider>()
  const chosen = await chooseProvider(setting, async (provider): Promise<Encoder> => {
    const time = machine[provider]
    if (time === undefined) throw new Error('Failed to load shared library\nwith a second line')
    open.add(provider)
    return {
      encodePictures: () => Promise.reject(new Error('not asked for')),
      encodePooled: () => Promise.reject(new Error('not asked for')),
      encodeTexts: () => Promise.reject(new Error('not asked for')),
      explain: () => undefined,
      selfTest: async () => {
        if (time instanceof Error) throw time
        return { modelMs: time }
      },
      close: async () => void open.delete(provider),
    }
  })
  return { ...chosen, open: [...open] }
}

const reason = ({ reports }: Awaited<ReturnType<typeof chooseOn>>, provider: Provider) =>
  reports.find((report) => report.provider === provider)?.reason

describe('auto', () => {
  test('takes the first that is faster than the CPU, and does not try the rest', async () => {
    const chosen = await chooseOn({ cpu: 41, cuda: 3, webgpu: 2 }, 'auto')
    expect(chosen.provider).toBe('cuda')
    expect(chosen.open).toEqual(['cuda'])
    expect(reason(chosen, 'cuda')).toBe('serves (3.0 ms a picture)')
    expect(reason(chosen, 'webgpu')).toBe('not tried: cuda serves')
    expect(reason(chosen, 'cpu')).toBe('slower than cuda (41 ms against 3.0 ms)')
  })

  test('skips what is missing, slower or wrong, and says so', async () => {
    const off = ownerError('bad-pack', 'image.onnx fails its self-test on webgpu (off by 0.2).')
    const wrong = await chooseOn({ cpu: 3, cuda: 41, webgpu: off }, 'auto')
    expect(wrong.provider).toBe('cpu')
    expect(wrong.open).toEqual(['cpu'])
    expect(reason(wrong, 'cuda')).toBe('slower than the CPU (41 ms against 3.0 ms)')
    expect(reason(wrong, 'webgpu')).toBe('image.onnx fails its self-test on webgpu (off by 0.2)')
    const missing = await chooseOn({ cpu: 3 }, 'auto')
    expect(reason(missing, 'cuda')).toBe('not installed (Failed to load shared library)')
  })

  test('a pack that fails on the CPU is a bad pack', async () => {
    const off = ownerError('bad-pack', 'image.onnx fails its self-test on cpu (off by 0.2).')
    await expect(chooseOn({ cpu: off, cuda: 3 }, 'auto')).rejects.toBe(off)
  })
})

describe('a setting', () => {
  test('forces a provider, even a slow one', async () => {
    const chosen = await chooseOn({ cpu: 3, webgpu: 41 }, 'webgpu')
    expect(chosen.provider).toBe('webgpu')
    expect(reason(chosen, 'cpu')).toBe('not tried: webgpu serves')
  })

  test('that cannot be met is refused in one sentence', async () => {
    await expect(chooseOn({ cpu: 3 }, 'cuda')).rejects.toMatchObject({
      code: 'bad-settings',
      message:
        'The execution provider cuda does not work here (not installed (Failed to load shared library)): set PROVIDER to auto or cpu.',
    })
  })
})

describe('on this machine', () => {
  const cuda = `${projectRoot}/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so`
  const log = pino({ level: 'silent' })

  test.skipIf(existsSync(cuda))('cuda that is not installed is refused when forced', async () => {
    const pack = await openPack(packFolder)
    const forced = createEngine({ pack, provider: 'cuda', threads: 1, queueLimit: 1, log })
    await expect(forced).rejects.toMatchObject({
      code: 'bad-settings',
      message: expect.stringMatching(/^The execution provider cuda does not work here \(not installed/),
    })
  })
})
