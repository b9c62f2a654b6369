import {
  bindShapes,
  decomposeAttention,
  extractSubgraph,
  Facts,
  type Graph,
  GraphError,
  openBatch,
  readGraph,
  resolveBranches,
} from '../../onnx/index.ts'
import type { PackFacts } from '../../clip/pack-schema.ts'
import { findPool, names, poolConstants, withPool } from './pool.ts'
import { reasonsGraph } from './reasons.ts'
import { beforeNormalising, checkQuickGelu, Structure } from './structure.ts'
import { type Exported, floatTolerance, folderOf, halfTolerance, someInput } from './run.ts'
import { findHiddenLayer, withHiddenMaps } from './transformer.ts'

/** A picture encoder in the form that packs use, with its part of pack.json. */
export interface ConvertedPictures {
  readonly graph: Graph
  /** For an attention pool: the graph that says what each unit adds to an answer. */
  readonly reasons?: Graph
  readonly facts: Pick<PackFacts, 'tap' | 'embedding' | 'dimensions' | 'architecture'>
  readonly side: number
  readonly exported: Exported
  /** How far embeddings may be off. */
  readonly tolerance: number
}

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
  const tap = lastResidualSum(source)
  const made = tap === undefined ? convertTransformer(source) : await convertResNet(source, tap)
  const { side, exported, tolerance } = source
  return { ...made, side, exported, tolerance }
}

/** A picture encoder as it was exported. */
interface Source {
  readonly side: number
  readonly exported: Exported
  readonly tolerance: number
  /** Whether the batch is fixed to one picture. */
  readonly fixed: boolean
  /** The embedding before it is scaled to length 1. */
  readonly raw: string
  /** The part that computes `raw`, with Attention decomposed, so that one description of the pool is enough. */
  readonly graph: Graph
  readonly structure: Structure
  /** What is known about a graph's tensors for this many pictures; nothing is run, as a run of RN50x64 takes gigabytes. */
  readonly factsFor: (graph: Graph, count: number) => Facts
}

async function openExport(path: string, givenSide: number | undefined): Promise<Source> {
  const read = resolveBranches(await readGraph(path, { leaveWeights: true }))
  const { name, type, dims, side } = pictureInput(read, givenSide)
  const factsFor = (graph: Graph, count: number) => new Facts(bindShapes(graph, { [name]: [count, ...dims] }))
  const facts = factsFor(read, 1)
  const raw = beforeNormalising(new Structure(read), embeddingOf(read, facts))
  const cut = extractSubgraph({ ...read, outputs: [{ name: raw }] }, { outputs: [raw] })
  const graph = decomposeAttention(cut, (tensor) => facts.of(tensor).shape)
  return {
    side,
    exported: {
      folder: folderOf(path),
      graph: cut,
      feed: (count) => someInput(type, [count, ...dims]),
    },
    tolerance: halfPrecise(read) ? halfTolerance : floatTolerance,
    fixed: typeof read.inputs[0]!.shape?.[0] === 'number',
    raw,
    graph,
    structure: new Structure(graph),
    factsFor,
  }
}

type Converted = Pick<ConvertedPictures, 'graph' | 'reasons' | 'facts'>

async function convertResNet({ graph, structure, raw, factsFor }: Source, tap: string): Promise<Converted> {
  const facts = factsFor(graph, 1)
  const pool = await findPool(structure, raw, facts)
  const [, units = 0, height = 0, width = 0] = facts.of(tap).shape
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

function convertTransformer({ graph, fixed, raw, factsFor }: Source): Converted {
  const facts = factsFor(graph, 1)
  const open = fixed ? openBatch(graph, facts) : openInput(graph)
  const layer = findHiddenLayer(new Structure(open), (tensor) => facts.of(tensor).shape)
  const [one, three] = [1, 3].map((count) => factsFor(open, count).of(layer.tensor).shape)
  const batchAxis = one!.findIndex((size, axis) => three![axis] === 3 * size)
  const places = one![1 - batchAxis]! - 1
  const side = Math.sqrt(places)
  if (!Number.isInteger(side)) throw new GraphError(`its ${places} places do not form a square`)
  const units = one![2]!
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
      dimensions: facts.of(raw).shape[1]!,
      architecture: `CLIP Vision Transformer of ${layer.blocks} blocks: ${units} hidden units of block ${layer.block} over ${side} by ${side} places`,
    },
  }
}

/** The sum in front of the last ReLU with spatial axes. */
function lastResidualSum({ graph, structure, factsFor }: Source): string | undefined {
  const facts = factsFor(graph, 1)
  const relu = structure.graph.nodes.findLast(({ op, inputs }) => {
    const sum = op === 'Relu' ? structure.makerOf(inputs[0]!) : undefined
    return sum?.op === 'Add' && facts.of(inputs[0]!).shape.length === 4
  })
  return relu?.inputs[0]
}

function pictureInput({ inputs }: Graph, given: number | undefined) {
  const [input] = inputs
  if (inputs.length !== 1 || input?.shape?.length !== 4)
    throw new GraphError(`it takes [${inputs.map(({ name }) => name).join(', ')}] instead of one picture`)
  const { type = 'float32', shape } = input
  const last = type === 'uint8' ? shape[1] : shape[3]
  const side = typeof last === 'number' ? last : given
  if (side === undefined)
    throw new GraphError('it does not fix the size of its pictures: state it in preprocess_cfg.json')
  const dims = type === 'uint8' ? [side, side, 3] : [3, side, side]
  return { name: input.name, type, dims, side }
}

/** The one output that is a row of numbers for each picture. */
function embeddingOf({ outputs }: Graph, facts: Facts): string {
  const rows = outputs.filter(({ name }) => {
    const { type, shape } = facts.of(name)
    return shape.length === 2 && type.startsWith('float')
  })
  const [found, other] = rows
  if (!found || other)
    throw new GraphError(`it has ${rows.length || 'no'} outputs that could be the embedding, instead of one`)
  return found.name
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
