import type { Tensor } from 'onnxruntime-node'
import {
  decomposeAttention,
  extractSubgraph,
  type Graph,
  GraphError,
  openBatch,
  readGraph,
  resolveBranches,
  type Trace,
} from '../../onnx/index.ts'
import type { PackFacts } from '../../clip/pack-schema.ts'
import { compare } from './compare.ts'
import { findPool, names, poolConstants, withPool } from './pool.ts'
import { reasonsGraph } from './reasons.ts'
import { beforeNormalising, checkQuickGelu, Structure } from './structure.ts'
import { folderOf, runGraph, someInput, traceGraph } from './trace.ts'
import { findHiddenLayer, withHiddenMaps } from './transformer.ts'

/** A picture encoder in the form that packs use, with its part of pack.json. */
export interface ConvertedPictures {
  readonly graph: Graph
  /** For an attention pool: the graph that tells what each unit adds to an answer. */
  readonly reasons?: Graph
  readonly facts: Pick<PackFacts, 'tap' | 'embedding' | 'dimensions' | 'architecture'>
  readonly side: number
  /** How far the new graph's embeddings are from the export's own, relative to the largest number. */
  readonly difference: number
}

/** Twice the exporters' precision, because sums are computed in another order. */
const floatTolerance = 1e-4
const halfTolerance = 2e-2

/**
 * Converts an export's picture encoder: finds the tap by structure, exposes the pool's parts, makes the batch dynamic.
 * @param path of the model; its folder takes a temporary file
 * @param given the side, if the file leaves it open
 * @throws GraphError that says in one sentence why the export cannot serve
 */
export async function convertPictures(
  path: string,
  given: { side?: number; gelu?: boolean },
): Promise<ConvertedPictures> {
  const source = await openExport(path, given.side)
  if (!given.gelu) checkQuickGelu(source.graph)
  const tap = lastResidualSum(source.structure, source.trace)
  const made = tap === undefined ? await convertTransformer(source) : await convertResNet(source, tap)
  const difference = await differenceTo(source, made.graph)
  if (!(difference <= source.tolerance))
    throw new GraphError(
      `taken apart, it gives other embeddings than before (off by ${difference.toExponential(1)})`,
    )
  return { ...made, side: source.side, difference }
}

/** A picture encoder as it was exported. */
interface Export {
  readonly folder: string
  readonly side: number
  readonly feed: (count: number) => Tensor
  /** How far embeddings may be off after the conversion. */
  readonly tolerance: number
  /** Whether the batch is fixed to one picture. */
  readonly fixed: boolean
  /** The embedding before it is scaled to length 1. */
  readonly raw: string
  /** The part that computes `raw`. */
  readonly cut: Graph
  readonly trace: Trace
  /** The same with Attention decomposed, so that one description of the pool is enough. */
  readonly graph: Graph
  readonly structure: Structure
}

async function openExport(path: string, givenSide: number | undefined): Promise<Export> {
  const folder = folderOf(path)
  const read = resolveBranches(await readGraph(path, { leaveWeights: true }))
  const { feed, side } = pictureFeed(read, givenSide)
  const output = await embeddingOf(read, folder, feed(1))
  const raw = beforeNormalising(new Structure(read), output)
  const cut = extractSubgraph({ ...read, outputs: [{ name: raw }] }, { outputs: [raw] })
  const trace = await traceGraph(cut, folder, feed(1))
  const graph = decomposeAttention(cut, trace.dimsOf)
  const fixed = typeof read.inputs[0]!.shape?.[0] === 'number'
  const tolerance = halfPrecise(read) ? halfTolerance : floatTolerance
  return { folder, side, feed, tolerance, fixed, raw, cut, trace, graph, structure: new Structure(graph) }
}

type Converted = Omit<ConvertedPictures, 'side' | 'difference'>

async function convertResNet(source: Export, tap: string): Promise<Converted> {
  const { graph, folder, feed, structure, raw, trace } = source
  const pool = await findPool(structure, raw, await traceGraph(graph, folder, feed(1)))
  const [, units = 0, height = 0, width = 0] = trace.dimsOf(tap)
  const constants = poolConstants(pool)
  const trunk = openInput(extractSubgraph({ ...graph, outputs: [{ name: tap }] }, { outputs: [tap] }))
  return {
    graph: withPool(trunk, tap, pool, constants, [height, width]),
    reasons: reasonsGraph(constants, pool.heads, [height, width]),
    facts: {
      tap: {
        tensor: tap,
        channels: units,
        map: [height, width],
        layer: 'last residual sum before its ReLU',
        means: { before: names.before, after: names.after },
      },
      embedding: 'pool',
      dimensions: pool.output.outputs,
      architecture: `CLIP ResNet: ${units} units over ${height} by ${width} places, attention pool of ${pool.heads} heads`,
    },
  }
}

async function convertTransformer({ graph, folder, feed, fixed, raw, trace }: Export): Promise<Converted> {
  const full = await traceGraph(graph, folder, feed(1))
  const open = fixed ? openBatch(graph, full) : openInput(graph)
  const layer = findHiddenLayer(new Structure(open), full.dimsOf)
  const dimsFor = async (count: number) => (await outputOf(open, layer.tensor, folder, feed(count))).dims
  const [one, three] = await Promise.all([dimsFor(1), dimsFor(3)])
  const batchAxis = one.findIndex((size, axis) => three[axis] === 3 * size)
  const places = one[1 - batchAxis]! - 1
  const side = Math.sqrt(places)
  if (!Number.isInteger(side)) throw new GraphError(`its ${places} places are no square`)
  const units = one[2]!
  const named = renameOutput(open, raw, names.embedding)
  return {
    graph: withHiddenMaps(named, layer, { batchAxis, units, side }),
    facts: {
      tap: {
        tensor: 'activations',
        channels: units,
        map: [side, side],
        layer: `hidden units of block ${layer.block} of ${layer.blocks}, before QuickGELU, without the class token`,
        means: { before: names.before, after: names.after },
      },
      embedding: 'read-out',
      dimensions: trace.dimsOf(raw)[1]!,
      architecture: `CLIP Vision Transformer of ${layer.blocks} blocks: ${units} hidden units of block ${layer.block} over ${side} by ${side} places`,
    },
  }
}

const outputOf = (graph: Graph, name: string, folder: string, input: Tensor): Promise<Tensor> =>
  runGraph({ ...graph, outputs: [{ name }] }, folder, async (run) => (await run(input))[name]!)

async function differenceTo({ cut, raw, folder, feed, fixed }: Export, made: Graph): Promise<number> {
  const ours = (await outputOf(made, names.embedding, folder, feed(3))).data as Float32Array
  const theirs = (await outputOf(cut, raw, folder, feed(fixed ? 1 : 3))).data as Float32Array
  return compare(ours.subarray(0, theirs.length), theirs)
}

/** The sum in front of the last ReLU with spatial axes. */
function lastResidualSum(structure: Structure, trace: Trace): string | undefined {
  const relu = structure.graph.nodes.findLast(({ op, inputs }) => {
    const sum = op === 'Relu' ? structure.makerOf(inputs[0]!) : undefined
    return sum?.op === 'Add' && trace.dimsOf(inputs[0]!).length === 4
  })
  return relu?.inputs[0]
}

function pictureFeed({ inputs }: Graph, given: number | undefined) {
  const [input] = inputs
  if (inputs.length !== 1 || input?.shape?.length !== 4)
    throw new GraphError(`it takes [${inputs.map(({ name }) => name).join(', ')}] and not one picture`)
  const { type = 'float32', shape } = input
  const last = type === 'uint8' ? shape[1] : shape[3]
  const side = typeof last === 'number' ? last : given
  if (side === undefined)
    throw new GraphError('it leaves the size of its pictures open: say it in preprocess_cfg.json')
  const dims = type === 'uint8' ? [side, side, 3] : [3, side, side]
  return { side, feed: (count: number): Tensor => someInput(type, [count, ...dims]) }
}

/** The one output that is a row of numbers for each picture. */
async function embeddingOf(graph: Graph, folder: string, feed: Tensor): Promise<string> {
  const rows = await runGraph(graph, folder, async (run) =>
    Object.entries(await run(feed)).filter(
      ([, { dims, type }]) => dims.length === 2 && type.startsWith('float'),
    ),
  )
  const [found, other] = rows
  if (!found || other)
    throw new GraphError(`it has ${rows.length || 'no'} outputs that may be the embedding, and not one`)
  return found[0]
}

const openInput = (graph: Graph): Graph => ({
  ...graph,
  inputs: graph.inputs.map((value) => ({ ...value, shape: ['batch', ...(value.shape ?? []).slice(1)] })),
  outputs: graph.outputs.map(({ name }) => ({ name })),
  values: new Map(),
})

function renameOutput(graph: Graph, from: string, to: string): Graph {
  const rename = (name: string) => (name === from ? to : name)
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(rename),
      outputs: node.outputs.map(rename),
    })),
    outputs: graph.outputs.map((value) => ({ ...value, name: rename(value.name), type: 'float32' as const })),
  }
}

const halfPrecise = (graph: Graph): boolean =>
  [...graph.initializers.values()].some(({ type }) => type === 'float16')
