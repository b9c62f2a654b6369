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

/** A picture encoder as packs hold it, with what pack.json says of it. */
export interface ConvertedPictures {
  readonly graph: Graph
  /** Of an attention pool: what each unit adds to an answer. */
  readonly reasons?: Graph
  readonly facts: Pick<PackFacts, 'tap' | 'embedding' | 'dimensions' | 'architecture'>
  readonly side: number
  /** How far the new graph's embeddings are from the export's own, as a part of their largest number. */
  readonly difference: number
}

/** The exporters' precision, twice over: sums are made in another order. */
const TOLERANCE = 1e-4
const HALF_TOLERANCE = 2e-2

/**
 * Converts an export's picture encoder: the tap found by structure, the pool's parts in sight, the batch open.
 * @param path of the model; its folder takes a temporary file
 * @param given the side where the file leaves it open
 * @throws GraphError that says in one sentence why the export cannot serve
 */
export async function convertPictures(
  path: string,
  given: { side?: number; gelu?: boolean },
): Promise<ConvertedPictures> {
  const folder = folderOf(path)
  const read = resolveBranches(await readGraph(path, { leaveWeights: true }))
  const { feed, side } = pictureFeed(read, given.side)
  const output = await embeddingOf(read, folder, feed(1))
  const raw = beforeNormalising(new Structure(read), output)
  const cut = extractSubgraph({ ...read, outputs: [{ name: raw }] }, { outputs: [raw] })
  const trace = await traceGraph(cut, folder, feed(1))
  const graph = decomposeAttention(cut, trace.dimsOf)
  const structure = new Structure(graph)
  if (!given.gelu) checkQuickGelu(graph)
  const tap = lastResidualSum(structure, trace)
  const made = tap === undefined ? await transformer() : await resNet(tap)
  const difference = await agreement(made.graph)
  if (!(difference <= (halfPrecise(read) ? HALF_TOLERANCE : TOLERANCE)))
    throw new GraphError(
      `taken apart, it gives other embeddings than before (off by ${difference.toExponential(1)})`,
    )
  return { ...made, side, difference }

  async function resNet(tap: string) {
    // From the graph with Attention decomposed, so that one description of the pool is enough.
    const full = await traceGraph(graph, folder, feed(1))
    const pool = await findPool(structure, raw, full)
    const [, units = 0, height = 0, width = 0] = trace.dimsOf(tap)
    const constants = poolConstants(pool)
    const trunk = openInput(extractSubgraph({ ...graph, outputs: [{ name: tap }] }, { outputs: [tap] }))
    const dimensions = pool.output.outputs
    return {
      graph: withPool(trunk, tap, pool, constants, [height, width]),
      reasons: reasonsGraph(constants, pool.heads, [height, width]),
      facts: {
        tap: {
          tensor: tap,
          channels: units,
          map: [height, width] as [number, number],
          layer: 'last residual sum before its ReLU',
          means: { before: names.before, after: names.after },
        },
        embedding: 'pool' as const,
        dimensions,
        architecture: `CLIP ResNet: ${units} units over ${height} by ${width} places, attention pool of ${pool.heads} heads`,
      },
    }
  }

  async function transformer() {
    const fixed = typeof graph.inputs[0]!.shape?.[0] === 'number'
    const full = await traceGraph(graph, folder, feed(1))
    const open = fixed ? openBatch(graph, full) : openInput(graph)
    const layer = findHiddenLayer(new Structure(open), full.dimsOf)
    const [one, three] = await Promise.all([1, 3].map((count) => dimsAt(open, layer.tensor, count)))
    const batchAxis = one!.findIndex((size, axis) => three![axis] === 3 * size)
    const places = one![1 - batchAxis]! - 1
    const grid = Math.sqrt(places)
    if (!Number.isInteger(grid)) throw new GraphError(`its ${places} places are no square`)
    const units = one![2]!
    const named = renameOutput(open, raw, names.embedding)
    const dimensions = trace.dimsOf(raw)[1]!
    return {
      graph: withHiddenMaps(named, layer, batchAxis, units, grid),
      facts: {
        tap: {
          tensor: 'activations',
          channels: units,
          map: [grid, grid] as [number, number],
          layer: `hidden units of block ${layer.block} of ${layer.blocks}, before QuickGELU, without the class token`,
          means: { before: names.before, after: names.after },
        },
        embedding: 'read-out' as const,
        dimensions,
        architecture: `CLIP Vision Transformer of ${layer.blocks} blocks: ${units} hidden units of block ${layer.block} over ${grid} by ${grid} places`,
      },
    }
  }

  async function dimsAt(one: Graph, name: string, count: number): Promise<readonly number[]> {
    return runGraph(
      { ...one, outputs: [{ name }] },
      folder,
      async (run) => (await run(feed(count)))[name]!.dims,
    )
  }

  function embed(one: Graph, name: string, count: number): Promise<Float32Array> {
    return runGraph(
      { ...one, outputs: [{ name }] },
      folder,
      async (run) => (await run(feed(count)))[name]!.data as Float32Array,
    )
  }

  async function agreement(made: Graph): Promise<number> {
    const fixed = typeof read.inputs[0]!.shape?.[0] === 'number'
    const ours = await embed(made, names.embedding, 3)
    const theirs = await embed(cut, raw, fixed ? 1 : 3)
    return compare(ours.subarray(0, theirs.length), theirs)
  }
}

/** The sum in front of the last ReLU over places. */
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

/** The one output that is a row of numbers for a picture. */
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
