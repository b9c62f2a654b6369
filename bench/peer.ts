/**
 * From pictures' bytes to what the model makes of them, here and by @huggingface/transformers over the same graph, in
 * rounds of one of each. It is not one of our dependencies: install it anywhere else and name that folder in PEER.
 *   mkdir /tmp/peer && cd /tmp/peer && npm init -y && npm install @huggingface/transformers
 *   PEER=/tmp/peer npm run bench peer
 */
import { createRequire } from 'node:module'
import { setTimeout } from 'node:timers/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { pino } from 'pino'
import { packFiles } from '../src/clip/pack-schema.ts'
import { openPack, type Pack } from '../src/clip/pack.ts'
import { createEngine } from '../src/jobs/in-process.ts'
import { readGraph, writeGraph } from '../src/onnx/index.ts'
import { packFolder } from './pack-folder.ts'
import { photograph } from './photograph.ts'
import { print, roundsOf, timed, Times } from './report.ts'

const theirPackage = '@huggingface/transformers'
const roundsEach = 41
const crowdSize = 64
/** Between two runs: the one before may have left spinning threads and garbage. */
const settleMs = 100
/** As large as our own. */
const batchSize = 8

/** What we use of it. */
interface Transformers {
  readonly env: { allowRemoteModels: boolean; localModelPath: string }
  readonly RawImage: { fromBlob(blob: Blob): Promise<object> }
  readonly AutoProcessor: { from_pretrained(name: string): Promise<Processor> }
  readonly CLIPVisionModelWithProjection: {
    from_pretrained(name: string, options: { dtype: 'fp32'; device: 'cpu' }): Promise<Vision>
  }
}
type Processor = (images: readonly object[]) => Promise<{ readonly pixel_values: object }>
type Vision = (
  inputs: Record<string, object>,
) => Promise<Record<string, { readonly dims: readonly number[] }>>

const { PEER } = process.env
if (PEER) await bench(PEER)
else console.log(`\nAgainst ${theirPackage}: skipped; PEER names no folder that has it`)

async function bench(peer: string): Promise<void> {
  const pack = await openPack(packFolder)
  const work = await mkdtemp(join(tmpdir(), 'neuron-games-peer-'))
  const threads = availableParallelism()
  const engine = await createEngine({
    pack,
    provider: 'cpu',
    threads,
    queueLimit: crowdSize,
    log: pino({ level: 'silent' }),
  })
  try {
    const theirs = await openPeer(peer, pack, work)
    const ours = async (pictures: readonly Buffer[]) => {
      await Promise.all(pictures.map((picture) => engine.analyse(picture)))
    }
    const pictures = await Promise.all(Array.from({ length: 4 }, (_, seed) => photograph(1152, 864, seed)))
    const crowd = Array.from({ length: crowdSize }, (_, n) => pictures[n % pictures.length]!)
    const single = [pictures[0]!]
    await report(`1 picture of 1 megapixel, ${pack.facts.title}`, {
      ours: () => ours(single),
      theirs: () => theirs(single),
    })
    await report(`${crowdSize} at once`, { ours: () => ours(crowd), theirs: () => theirs(crowd) })
  } finally {
    await engine.close()
    await rm(work, { recursive: true })
  }
}

async function report(
  heading: string,
  runs: Readonly<Record<'ours' | 'theirs', () => Promise<void>>>,
): Promise<void> {
  const measured = { ours: new Times(), theirs: new Times() }
  const once = async () => {
    for (const who of ['ours', 'theirs'] as const) {
      await setTimeout(settleMs)
      await measured[who].add(runs[who])
    }
  }
  await once()
  const rounds = roundsOf(await timed(once), roundsEach)
  for (const times of Object.values(measured)) times.forget()
  for (let round = 0; round < rounds; round++) await once()
  const { ours, theirs } = measured
  print(`${heading}, medians of ${rounds} rounds`, [
    ['neuron games', ours.inWords()],
    [theirPackage, theirs.inWords()],
    ['ours against theirs', `${(ours.wall / theirs.wall).toFixed(2)} times as long`, 'at most 1'],
    ['  in processor time', `${(ours.processor / theirs.processor).toFixed(2)} times as much`],
  ])
}

/** @returns its way from bytes to embeddings, in batches as large as ours */
async function openPeer(peer: string, pack: Pack, work: string) {
  const require = createRequire(join(peer, 'package.json'))
  const file = pathToFileURL(require.resolve(theirPackage)).href
  const { env, RawImage, AutoProcessor, CLIPVisionModelWithProjection } = (await import(file)) as Transformers
  env.allowRemoteModels = false
  env.localModelPath = work
  const input = await writeModel(join(work, 'clip'), pack)
  const processor = await AutoProcessor.from_pretrained('clip')
  const model = await CLIPVisionModelWithProjection.from_pretrained('clip', { dtype: 'fp32', device: 'cpu' })
  return async (pictures: readonly Buffer[]): Promise<void> => {
    const images = await Promise.all(pictures.map((bytes) => RawImage.fromBlob(new Blob([bytes]))))
    for (let at = 0; at < images.length; at += batchSize) {
      const { pixel_values } = await processor(images.slice(at, at + batchSize))
      await model({ [input]: pixel_values })
    }
  }
}

/** The pack's picture model as it would lie on the hub, with only its embedding. @returns the name of its input */
async function writeModel(folder: string, { folder: home, facts }: Pack): Promise<string> {
  const graph = await readGraph(join(home, packFiles.image))
  const { side, mean, std } = facts.picture
  const json = (name: string, value: object) => writeFile(join(folder, name), JSON.stringify(value))
  await mkdir(join(folder, 'onnx'), { recursive: true })
  await writeFile(
    join(folder, 'onnx', 'vision_model.onnx'),
    writeGraph({ ...graph, outputs: graph.outputs.filter(({ name }) => name.includes('embed')) }),
  )
  await json('config.json', { model_type: 'clip' })
  await json('preprocessor_config.json', {
    image_processor_type: 'CLIPImageProcessor',
    do_resize: true,
    size: { shortest_edge: side },
    resample: 3,
    do_center_crop: true,
    crop_size: { height: side, width: side },
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: mean,
    image_std: std,
  })
  return graph.inputs[0]!.name
}
