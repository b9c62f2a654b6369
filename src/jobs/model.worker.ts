import { workerData } from 'node:worker_threads'
import { env } from 'onnxruntime-node'
import { createEncoder, type Encoder } from '../clip/encoder.ts'
import type { Pack } from '../clip/pack.ts'
import type { PooledPicture } from '../clip/picture-encoder.ts'
import { embedLabels } from '../clip/zero-shot.ts'
import { mapsOf, type MapsWanted } from '../neurons/heat-map.ts'
import { deviationsOf, strengthsOf } from '../neurons/strength.ts'
import { chooseProvider, served } from './choose-provider.ts'
import { connectEncoder } from './model-server/encoder.ts'
import type { LocalProvider, Provider, ProviderReport, ProviderSetting } from './engine.ts'
import { answer, joinRows, rowsOf } from '../threads/answer.ts'
import type { EncodeJob, ExplainJob, ModelResult } from './model.ts'

export interface ModelData {
  /** The rest would only take memory: RN50x4's tuning is 19 MB once it is read. */
  readonly pack: Pick<Pack, 'folder' | 'facts' | 'baseline'>
  readonly threads: number
  readonly vulkan: boolean
  /** The address of a model server that runs the models instead. */
  readonly server?: string
}

// ONNX Runtime would also print what it throws; the report on a provider that is not installed says it once.
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
    // A server that is down now may be back for the next job.
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

export const encodePictures = (job: { provider: Provider; pictures: readonly EncodeJob[] }) =>
  answer(
    async () => encodeAll(await opened(job.provider), job.pictures),
    (results) =>
      results.flatMap(({ maps, strengths, deviations, embedding, evidence }) => {
        const arrays = [maps.data, strengths, deviations, embedding]
        if (evidence) arrays.push(evidence.map.data, evidence.attention!)
        // All maps and the evidence share one array.
        return [...new Set(arrays.map(({ buffer }) => buffer))]
      }),
  )

/** One run; the maps are only fetched from it if somebody wants one. */
async function encodeAll(model: Encoder, pictures: readonly EncodeJob[]): Promise<ModelResult[]> {
  const squares = pictures.map(({ square }) => square)
  if (pictures.some(({ maps, evidence }) => maps || evidence)) {
    const encoded = await model.encodePictures(squares)
    return encoded.map((picture, i) => {
      const { maps = noUnits, evidence } = pictures[i]!
      const { map, attention } = picture
      const result = pooled(picture)
      return {
        ...result,
        maps: mapsOf({ ...result, map }, maps),
        ...(evidence && attention && { evidence: { map, attention } }),
      }
    })
  }
  const [height, width] = pack.facts.tap.map
  return (await model.encodePooled(squares)).map((picture) => ({
    ...pooled(picture),
    maps: { units: [], height, width, data: new Float32Array() },
  }))
}

const noUnits: MapsWanted = { strongest: 0, inhibited: 0, without: [] }

const pooled = ({ means, embedding, modelMs }: PooledPicture) => ({
  strengths: strengthsOf(means, pack.baseline),
  deviations: deviationsOf(means, pack.baseline),
  embedding,
  modelMs,
})

export const explain = (job: ExplainJob & { provider: Provider }) =>
  answer(
    async () => {
      const { embedding, evidence, texts } = job
      const encoder = await opened(job.provider)
      const reasons = await encoder.explain({ embedding, ...evidence }, rowsOf(texts, pack.facts.dimensions))
      return reasons && joinRows(reasons.shares)
    },
    (shares) => (shares ? [shares.buffer] : []),
  )

export const embedWords = (job: { provider: Provider; words: readonly string[] }) =>
  answer(
    async () => embedLabels(await opened(job.provider), pack.facts, job.words),
    (embeddings) => embeddings.map(({ buffer }) => buffer),
  )
