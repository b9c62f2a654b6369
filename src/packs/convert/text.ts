import {
  decomposeAttention,
  extractSubgraph,
  type Graph,
  GraphError,
  openBatch,
  readGraph,
  resolveBranches,
} from '../../onnx/index.ts'
import { compare } from './compare.ts'
import { beforeNormalising, checkQuickGelu, Structure } from './structure.ts'
import { folderOf, runGraph, someInput, traceGraph } from './trace.ts'

export interface ConvertedTexts {
  readonly graph: Graph
  readonly dimensions: number
  readonly contextLength: number
  /** As in ConvertedPictures. */
  readonly difference: number
}

const tolerance = 1e-4
const clipContextLength = 77

/**
 * Converts an export's text encoder: Attention decomposed, a dynamic batch, the embedding not normalised.
 * @throws GraphError that says in one sentence why the export cannot serve
 */
export async function convertTexts(path: string, given: { gelu?: boolean }): Promise<ConvertedTexts> {
  const folder = folderOf(path)
  const read = resolveBranches(await readGraph(path, { leaveWeights: true }))
  const [input] = read.inputs
  if (read.inputs.length !== 1 || input?.shape?.length !== 2 || !/^int(32|64)$/.test(input.type ?? ''))
    throw new GraphError(
      `it takes [${read.inputs.map(({ name }) => name).join(', ')}] and not one row of tokens`,
    )
  const [batch, length] = input.shape
  const contextLength = typeof length === 'number' ? length : clipContextLength
  const feed = (count: number) => someInput(input.type!, [count, contextLength], 500)
  const output = read.outputs[0]!.name
  const raw = beforeNormalising(new Structure(read), output)
  const cut = extractSubgraph({ ...read, outputs: [{ name: raw }] }, { outputs: [raw] })
  const trace = await traceGraph(cut, folder, feed(1))
  if (trace.dimsOf(raw).length !== 2) throw new GraphError('its output is no row of numbers for a text')
  const decomposed = decomposeAttention(cut, trace.dimsOf)
  if (!given.gelu) checkQuickGelu(decomposed)
  const fixed = typeof batch === 'number'
  const graph = fixed
    ? openBatch(decomposed, await traceGraph(decomposed, folder, feed(1)))
    : { ...decomposed, values: new Map() }
  const run = (one: Graph, count: number) =>
    runGraph(one, folder, async (go) => (await go(feed(count)))[raw]!.data as Float32Array)
  const theirs = await run(cut, fixed ? 1 : 3)
  const difference = compare((await run(graph, 3)).subarray(0, theirs.length), theirs)
  if (!(difference <= tolerance))
    throw new GraphError(
      `taken apart, it gives other embeddings than before (off by ${difference.toExponential(1)})`,
    )
  const named: Graph = {
    ...graph,
    outputs: [{ name: raw, type: 'float32', shape: ['batch', trace.dimsOf(raw)[1]!] }],
  }
  return { graph: named, dimensions: trace.dimsOf(raw)[1]!, contextLength, difference }
}
