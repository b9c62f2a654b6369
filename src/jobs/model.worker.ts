import { workerData } from 'node:worker_threads'
import { env } from 'onnxruntime-node'
import { createEncoder, type Encoder } from '../clip/encoder.ts'
import type { Pack } from '../clip/pack.ts'
import type { RawPicture } from '../pictures/picture.ts'
import { embedLabels } from '../clip/zero-shot.ts'
import { deviationsOf, strengthsOf } from '../neurons/strength.ts'
import { chooseProvider, served } from './choose-provider.ts'
import { connectEncoder } from './model-server/encoder.ts'
import type { LocalProvider, Provider, ProviderReport, ProviderSetting } from './engine.ts'
import { answer, joinRows, rowsOf } from '../threads/answer.ts'
import type { Explained, ModelResult } from './model.ts'

export interface ModelData {
  readonly pack: Pack
  readonly threads: number
  readonly vulkan: boolean
  /** The address of a model server that runs the models instead. */
  readonly server?: string
}

// ONNX Runtime would print what it then throws: the report of a provider that is not installed says it once.
env.logLevel = 'fatal'

const { pack, threads, vulkan, server } = workerData as ModelData
const open = async (provider: LocalProvider): Promise<Encoder> => {
  if (provider === 'webgpu' && !vulkan) throw new Error('there is no Vulkan driver on this machine')
  return createEncoder(pack, { provider, threads })
}

/** This thread's one encoder. */
let encoder: Promise<Encoder> | undefined

const openAgain = async (provider: Provider): Promise<Encoder> =>
  provider === 'server' ? (await connectEncoder(pack, server!, threads)).encoder : open(provider)

/** After a crash the new thread is told the provider and does not choose again. */
const opened = (provider: Provider): Promise<Encoder> =>
  (encoder ??= openAgain(provider).catch((error: unknown) => {
    // A server that is away now may be back for the next job.
    encoder = undefined
    throw error
  }))

export const choose = (setting: ProviderSetting) =>
  answer<{ provider: Provider; reports: readonly ProviderReport[] }>(async () => {
    const { encoder: chosen, ...rest } = server
      ? served('server', await connectEncoder(pack, server, threads))
      : await chooseProvider(setting, open)
    encoder = Promise.resolve(chosen)
    return rest
  })

export const encodePictures = (job: { provider: Provider; squares: readonly RawPicture[] }) =>
  answer(
    async () => {
      const encoded = await (await opened(job.provider)).encodePictures(job.squares)
      return encoded.map(({ map, embedding, attention, modelMs }): ModelResult => ({
        map,
        strengths: strengthsOf(map, pack.baseline),
        deviations: deviationsOf(map, pack.baseline),
        embedding,
        ...(attention && { attention }),
        modelMs,
      }))
    },
    (results) =>
      results.flatMap(({ map, strengths, deviations, embedding }) =>
        [map.data, strengths, deviations, embedding].map(({ buffer }) => buffer),
      ),
  )

/** What each unit adds to a picture's likeness to texts; both in rows, [texts, numbers] and [texts, units]. */
export const explain = (job: { provider: Provider; picture: Explained; texts: Float32Array }) =>
  answer(
    async () => {
      const { explain: reasons } = await opened(job.provider)
      const found = await reasons({ modelMs: 0, ...job.picture }, rowsOf(job.texts, pack.facts.dimensions))
      return joinRows(found?.shares ?? [])
    },
    ({ buffer }) => [buffer],
  )

export const embedWords = (job: { provider: Provider; words: readonly string[] }) =>
  answer(
    async () => embedLabels(await opened(job.provider), pack.facts, job.words),
    (embeddings) => embeddings.map(({ buffer }) => buffer),
  )
