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
import { beforeNormalising, checkQuickGelu, Structure } from './structure.ts'
import { type Exported, folderOf, someInput } from './run.ts'

export interface ConvertedTexts {
  readonly graph: Graph
  readonly dimensions: number
  readonly contextLength: number
  /** The name of the embedding. */
  readonly embedding: string
  readonly exported: Exported
}

const clipContextLength = 77

/**
 * Converts an export's text encoder: Attention decomposed, a dynamic batch, the embedding not normalised.
 * @throws GraphError that says in one sentence why the export cannot serve
 */
export async function convertTexts(path: string, given: { gelu?: boolean }): Promise<ConvertedTexts> {
  const read = resolveBranches(await readGraph(path, { leaveWeights: true }))
  const [input] = read.inputs
  if (read.inputs.length !== 1 || input?.shape?.length !== 2 || !/^int(32|64)$/.test(input.type ?? ''))
    throw new GraphError(
      `it takes [${read.inputs.map(({ name }) => name).join(', ')}] instead of one row of tokens`,
    )
  const [batch, length] = input.shape
  const contextLength = typeof length === 'number' ? length : clipContextLength
  const output = read.outputs[0]!.name
  const raw = beforeNormalising(new Structure(read), output)
  const cut = extractSubgraph({ ...read, outputs: [{ name: raw }] }, { outputs: [raw] })
  const forOneText = (one: Graph) => new Facts(bindShapes(one, { [input.name]: [1, contextLength] }))
  const facts = forOneText(cut)
  const [, dimensions, ...more] = facts.of(raw).shape
  if (dimensions === undefined || more.length > 0)
    throw new GraphError('its output is not a row of numbers for each text')
  const decomposed = decomposeAttention(cut, (name) => facts.of(name).shape)
  if (!given.gelu) checkQuickGelu(decomposed)
  const graph =
    typeof batch === 'number'
      ? openBatch(decomposed, forOneText(decomposed))
      : { ...decomposed, values: new Map() }
  return {
    graph: { ...graph, outputs: [{ name: raw, type: 'float32', shape: ['batch', dimensions] }] },
    dimensions,
    contextLength,
    embedding: raw,
    exported: {
      folder: folderOf(path),
      graph: cut,
      feed: (count) => someInput(input.type!, [count, contextLength], 500),
    },
  }
}
