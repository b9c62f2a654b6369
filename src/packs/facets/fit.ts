import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { packFiles } from '../../clip/pack-schema.ts'
import type { Pack } from '../../clip/pack.ts'
import { preprocess } from '../../clip/preprocess.ts'
import { openProbeSetOf, type ProbeKind } from '../../clip/probe-set.ts'
import { sealPack } from '../../clip/seal.ts'
import { findTap } from '../../clip/tap.ts'
import { ownerError } from '../../errors.ts'
import { bindShapes, extractSubgraph, GraphBuilder, readGraph, writeGraph } from '../../onnx/index.ts'
import { squareOf } from '../../pictures/square.ts'
import { facetsFile, type Facets } from '../../visualization/facets.ts'
import { withFloatPictures } from '../../visualization/float-pictures.ts'
import { innerLayers } from '../../visualization/inner-layers.ts'
import { fitProbe, meanAndStd } from './probe.ts'

const kindsOf: Readonly<Record<string, readonly ProbeKind[]>> = {
  drawing: ['icon', 'emoji'],
  photo: ['photo'],
  word: ['word'],
}
/** Every fifth picture is held out to test the probes on. */
const keptBackEvery = 5

export interface FacetOptions {
  readonly threads: number
  readonly signal?: AbortSignal
  readonly onProgress: (done: number, total: number) => void
  /** The probe set's folder; by default the pack's own set, or else the pocket pack's. */
  readonly probeFolder?: string
}

/** For each inner layer, the spatial means of its channels and of their squares: [layers][pictures][channels]. */
interface ChannelMeans {
  readonly means: readonly Float32Array[][]
  readonly squares: readonly Float32Array[][]
}

/**
 * Fits a pack's facets on the probe set (linear probes in its inner layers that tell drawings, photographs and words
 * apart) and measures those layers' statistics. Writes facets.json.
 *
 * @throws UserError 'bad-pack' for a model that is not a ResNet: facets are about the ReLUs after its residual sums
 */
export async function fitFacets(pack: Pack, options: FacetOptions): Promise<Facets> {
  const probe = await openProbeSetOf(pack.folder, options.probeFolder)
  const model = withFloatPictures(await readGraph(join(pack.folder, packFiles.image)), pack.facts.picture)
  const layers = innerLayers(model, findTap(model, pack.facts.tap)!)
  if (layers.length === 0)
    throw ownerError(
      'bad-pack',
      `${pack.facts.title} is not a ResNet, and facets can only be fitted for those.`,
    )
  const image = model.inputs[0]!.name
  const { side } = pack.facts.picture
  const g = new GraphBuilder(
    bindShapes(extractSubgraph(model, { outputs: layers }), { [image]: [1, 3, side, side] }),
  )
  // The same in every operator set, unlike ReduceMean, whose axes are an attribute in some and an input in others.
  const pool = (values: string) => g.op('GlobalAveragePool', [values])
  const outputs = layers.map((layer) => ({ mean: pool(layer), square: pool(g.op('Mul', [layer, layer])) }))
  const session = await InferenceSession.create(
    writeGraph(g.build(outputs.flatMap(({ mean, square }) => [mean, square]))),
    { intraOpNumThreads: options.threads },
  )
  const measured: ChannelMeans = { means: layers.map(() => []), squares: layers.map(() => []) }
  try {
    for (const [n, item] of probe.items.entries()) {
      options.signal?.throwIfAborted()
      const square = preprocess(squareOf(await probe.picture(item), side), pack.facts.picture)
      const out = await session.run({ [image]: new Tensor('float32', square, [1, 3, side, side]) })
      for (const [layer, names] of outputs.entries()) {
        measured.means[layer]!.push(out[names.mean]!.data as Float32Array)
        measured.squares[layer]!.push(out[names.square]!.data as Float32Array)
      }
      options.onProgress(n + 1, probe.items.length)
    }
  } finally {
    await session.release()
  }
  const facets = fitted(
    probe.items.map(({ kind }) => kind),
    layers,
    measured,
  )
  await writeFile(join(pack.folder, facetsFile), `${JSON.stringify(facets)}\n`)
  await sealPack(pack.folder, [facetsFile])
  return facets
}

const short = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(4)))
const only = <T>(rows: readonly T[], wanted: readonly boolean[]) => rows.filter((_, i) => wanted[i])

function fitted(
  kinds: readonly ProbeKind[],
  layers: readonly string[],
  { means, squares }: ChannelMeans,
): Facets {
  const usualOf = (wanted: readonly boolean[]) =>
    layers.map((_, n) => {
      const mean = meanAndStd(only(means[n]!, wanted))
      const square = meanAndStd(only(squares[n]!, wanted))
      return {
        mean: short(mean.mean),
        std: short(mean.std),
        squareMean: short(square.mean),
        squareStd: short(square.std),
      }
    })
  return {
    probeSet: 'probe',
    pictures: kinds.length,
    layers: [...layers],
    usual: usualOf(kinds.map(() => true)),
    facets: Object.entries(kindsOf).flatMap(([name, own]) => {
      const [fittedOn, triedOn] = [false, true].map((keptBack) =>
        kinds.some((kind, i) => own.includes(kind) && (i % keptBackEvery === 0) === keptBack),
      )
      if (!fittedOn || !triedOn) return []
      const belongs = kinds.map((kind) => own.includes(kind))
      const probes = layers.map((_, n) => fitProbe(means[n]!, belongs, keptBackEvery))
      return {
        name,
        pictures: belongs.filter(Boolean).length,
        weights: probes.map(({ weights }) => short(weights)),
        heldOut: short(probes.map(({ heldOut }) => heldOut)),
        usual: usualOf(belongs).map(({ mean, squareMean }) => ({ mean, squareMean })),
      }
    }),
  }
}
