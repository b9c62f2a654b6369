/**
 * Fits a pack's facets on its probe set and measures what is usual in its inner layers:
 *   npm run facets -- models/pocket
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { packFiles } from '../src/clip/pack-schema.ts'
import { openPack } from '../src/clip/pack.ts'
import { preprocess } from '../src/clip/preprocess.ts'
import { squareOf } from '../src/pictures/square.ts'
import { openProbeSet, type ProbeKind } from '../src/clip/probe-set.ts'
import { findTap } from '../src/clip/tap.ts'
import {
  bindShapes,
  extractSubgraph,
  GraphBuilder,
  int,
  ints,
  readGraph,
  writeGraph,
} from '../src/onnx/index.ts'
import { FACETS_FILE, type Facets } from '../src/visualization/facets.ts'
import { innerLayers } from '../src/visualization/inner-layers.ts'
import { sealPack } from '../src/clip/seal.ts'
import { fitProbe, meanAndStd } from './fit-facets/probe.ts'

const facets: Readonly<Record<string, readonly ProbeKind[]>> = {
  drawing: ['icon', 'emoji'],
  photo: ['photo'],
  word: ['word'],
}
/** Every fifth picture is kept back to try the probes on. */
const KEPT_BACK = 5

const folder = process.argv[2] ?? join('models', 'pocket')
const pack = await openPack(folder)
const probe = await openProbeSet(join(folder, 'probe'))
const model = await readGraph(join(folder, packFiles.image))
const tap = findTap(model, pack.facts.tap)!
const image = model.inputs[0]!.name
const { side } = pack.facts.picture

const layers = innerLayers(model, tap)
const g = new GraphBuilder(
  bindShapes(extractSubgraph(model, { outputs: layers }), { [image]: [1, 3, side, side] }),
)
const pool = (values: string) => g.op('ReduceMean', [values], { axes: ints([2, 3]), keepdims: int(0) })
const outputs = layers.map((layer) => ({ mean: pool(layer), square: pool(g.op('Mul', [layer, layer])) }))
const pooled = await InferenceSession.create(
  writeGraph(g.build(outputs.flatMap(({ mean, square }) => [mean, square]))),
  { intraOpNumThreads: 1 },
)

const means: Float32Array[][] = layers.map(() => [])
const squares: Float32Array[][] = layers.map(() => [])
for (const item of probe.items) {
  const square = preprocess(squareOf(await probe.picture(item), side), pack.facts.picture)
  const out = await pooled.run({ [image]: new Tensor('float32', square, [1, 3, side, side]) })
  for (const [n, names] of outputs.entries()) {
    means[n]!.push(out[names.mean]!.data as Float32Array)
    squares[n]!.push(out[names.square]!.data as Float32Array)
  }
}

const short = (values: readonly number[]) => values.map((value) => Number(value.toPrecision(4)))
const only = <T>(rows: readonly T[], wanted: readonly boolean[]) => rows.filter((_, i) => wanted[i])
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
const fitted: Facets = {
  probeSet: 'probe',
  pictures: probe.items.length,
  layers,
  usual: usualOf(probe.items.map(() => true)),
  facets: Object.entries(facets).map(([name, kinds]) => {
    const belongs = probe.items.map(({ kind }) => kinds.includes(kind))
    const probes = layers.map((_, n) => fitProbe(means[n]!, belongs, KEPT_BACK))
    return {
      name,
      pictures: belongs.filter(Boolean).length,
      weights: probes.map(({ weights }) => short(weights)),
      heldOut: short(probes.map(({ heldOut }) => heldOut)),
      usual: usualOf(belongs).map(({ mean, squareMean }) => ({ mean, squareMean })),
    }
  }),
}
await writeFile(join(folder, FACETS_FILE), `${JSON.stringify(fitted)}\n`)
await sealPack(folder, [FACETS_FILE])
for (const { name, heldOut } of fitted.facets)
  console.log(`${name}: area under the curve on pictures kept back, by layer: ${heldOut.join(', ')}`)
