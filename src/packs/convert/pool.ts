import {
  type Facts,
  type Graph,
  GraphBuilder,
  GraphError,
  int,
  intOf,
  ints,
  tensor,
  valuesOf,
} from '../../onnx/index.ts'
import { evaluate } from './evaluate.ts'
import type { Structure } from './structure.ts'

/** A linear layer y = x weights + bias, with weights [inputs, outputs]. */
interface Linear {
  readonly weights: Float32Array
  readonly bias: Float32Array
  readonly inputs: number
  readonly outputs: number
}

/**
 * CLIP's attention pool (`AttentionPool2d` of openai/CLIP, MIT): the mean over the map is the query; keys and values are
 * that mean and every position.
 */
export interface Pool {
  readonly heads: number
  /** Positional embeddings [places + 1, units]; the mean's comes first. */
  readonly positional: Float32Array
  readonly query: Linear
  readonly key: Linear
  readonly value: Linear
  readonly output: Linear
}

/** Names in the graphs that we write. */
export const names = {
  attention: 'attention',
  embedding: 'embedding',
  before: 'mean_before',
  after: 'mean_after',
} as const

/** Operators that only arrange or cast. */
const passed = new Set(
  'Reshape Transpose Cast Slice Gather Squeeze Unsqueeze Identity Flatten Expand'.split(' '),
)

/**
 * Finds the weights of the pool that computes the embedding, by structure and not by name.
 * @throws GraphError if there is no such pool
 */
export async function findPool(structure: Structure, embedding: string, facts: Facts): Promise<Pool> {
  const { graph } = structure
  const nodes = [...structure.ancestors(embedding)]
  const attends = nodes.find(({ op }) => op === 'Attention' || op === 'Softmax')
  if (!attends) throw new GraphError('there is no attention pool after the last residual sum')
  const { q, k, v, heads } = attends.op === 'Attention' ? fromAttention() : fromSoftmax()
  const query = await linear(q)
  const key = await linear(k)
  const value = await linear(v)
  const output = await linear(embedding)
  const sum = structure.makerOf(dataOf(key.from))
  const places = sum?.op === 'Add' ? sum.inputs.find((input) => !structure.isData(input)) : undefined
  if (places === undefined) throw new GraphError('the attention pool adds no positions')
  return { heads, positional: await floats(places), query, key, value, output }

  async function floats(name: string): Promise<Float32Array> {
    const values = valuesOf(await evaluate(graph, name))
    return values instanceof Float32Array ? values : Float32Array.from(values)
  }

  function fromAttention() {
    const [q = '', k = '', v = ''] = attends!.inputs
    const dims = facts.of(q).shape
    return { q, k, v, heads: dims.length === 4 ? dims[1]! : intOf(attends!, 'q_num_heads', 1) }
  }

  function fromSoftmax() {
    const weights = attends!.outputs[0]!
    const scores = structure.makerOf(attends!.inputs[0]!)
    const mixes = graph.nodes.find(({ op, inputs }) => op === 'MatMul' && inputs[0] === weights)
    if (scores?.op !== 'MatMul' || !mixes) throw new GraphError('the attention pool has an unknown form')
    const dims = facts.of(weights).shape
    return { q: scores.inputs[0]!, k: scores.inputs[1]!, v: mixes.inputs[1]!, heads: dims.at(-3)! }
  }

  /** Goes back past nodes that only arrange or scale. */
  function dataOf(name: string): string {
    const node = structure.makerOf(name)
    if (!node) return name
    const scales =
      (node.op === 'Mul' || node.op === 'Div') && node.inputs.some((input) => !structure.isData(input))
    if (!passed.has(node.op) && !scales) return name
    return dataOf(node.inputs.find((input) => structure.isData(input))!)
  }

  async function linear(name: string): Promise<Linear & { from: string }> {
    const from = dataOf(name)
    const node = structure.makerOf(from)
    const product =
      node?.op === 'Add' ? structure.makerOf(node.inputs.find((input) => structure.isData(input))!) : node
    const weight = product?.inputs[1]
    if (!node || !weight || structure.isData(weight) || (product.op !== 'MatMul' && product.op !== 'Gemm'))
      throw new GraphError(`"${name}" of the attention pool is not a linear layer`)
    const offset =
      node.op === 'Add' ? node.inputs.find((input) => !structure.isData(input)) : product.inputs[2]
    const [rows = 0, columns = 0] = facts.of(weight).shape
    const flipped = product.op === 'Gemm' && intOf(product, 'transB', 0) === 1
    const weights = await floats(weight)
    const outputs = flipped ? rows : columns
    return {
      from: product.inputs[0]!,
      weights: flipped ? transposed(weights, rows, columns) : weights,
      inputs: flipped ? columns : rows,
      outputs,
      bias: offset ? await floats(offset) : new Float32Array(outputs),
    }
  }
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column]!
  return result
}

const float = (dims: readonly number[], values: Float32Array) => tensor('float32', dims, values)

/** The pool's constants for both graphs; the same tensor objects, so that a side file holds them once. */
export function poolConstants({ heads, positional, query, key, value, output }: Pool) {
  const units = query.inputs
  const size = query.outputs / heads
  const scale = 1 / Math.sqrt(size)
  /** [units, heads * size] as [heads, units, size] or [heads, size, units]. */
  const byHead = ({ weights }: Linear, sizeFirst: boolean): Float32Array => {
    const result = new Float32Array(weights.length)
    for (let unit = 0; unit < units; unit++)
      for (let head = 0; head < heads; head++)
        for (let n = 0; n < size; n++) {
          const at = sizeFirst ? (head * size + n) * units + unit : (head * units + unit) * size + n
          result[at] = weights[unit * heads * size + head * size + n]!
        }
    return result
  }
  return {
    units,
    size,
    places: positional.length / units,
    dimensions: output.outputs,
    tensors: {
      positional: float([positional.length / units, units], positional),
      first: float([units], positional.slice(0, units)),
      query: float(
        [units, heads * size],
        query.weights.map((weight) => weight * scale),
      ),
      queryBias: float(
        [heads * size],
        query.bias.map((weight) => weight * scale),
      ),
      // There is no key bias: it adds the same to every score, which the softmax cancels.
      key: float([heads, size, units], byHead(key, true)),
      value: float([heads, units, size], byHead(value, false)),
      valueBias: float([heads * size], value.bias),
      output: float([output.inputs, output.outputs], output.weights),
      outputBias: float([output.outputs], output.bias),
    },
  }
}

export type PoolConstants = ReturnType<typeof poolConstants>

/**
 * The trunk with a rewritten pool: with a single query, only the scores are computed for every position. Outputs: the tap
 * [n,units,h,w], the embedding [n,d] before it is scaled to length 1, the attention weights [n,heads,places + 1], and
 * each unit's mean over the map before and after the ReLU [n,units].
 *
 * @param trunk ends with the tap
 * @param map height and width
 */
export function withPool(
  trunk: Graph,
  tap: string,
  { heads }: Pool,
  constants: PoolConstants,
  [height, width]: readonly [number, number],
): Graph {
  const { units, size } = constants
  const g = new GraphBuilder(trunk)
  const c = (name: keyof PoolConstants['tensors']) => g.constant(constants.tensors[name], `pool/${name}`)
  const reshape = (x: string, dims: readonly number[], name?: string) =>
    g.op('Reshape', [x, g.ints(dims)], {}, name)
  const transpose = (x: string, perm: readonly number[]) => g.op('Transpose', [x], { perm: ints(perm) })

  const fired = g.op('Relu', [tap])
  reshape(g.op('GlobalAveragePool', [tap]), [-1, units], names.before)
  const mean = reshape(g.op('GlobalAveragePool', [fired]), [-1, units], names.after)
  const rows = reshape(fired, [-1, units, height * width])
  const tokens = g.op('Concat', [reshape(mean, [-1, units, 1]), rows], { axis: int(2) })
  const x = g.op('Add', [transpose(tokens, [0, 2, 1]), c('positional')])
  const asked = g.op('Add', [mean, c('first')])
  const query = g.op('Add', [g.op('MatMul', [asked, c('query')]), c('queryBias')])
  const byHead = transpose(reshape(query, [-1, heads, size]), [1, 0, 2])
  const wanted = transpose(g.op('MatMul', [byHead, c('key')]), [1, 0, 2])
  const scores = g.op('MatMul', [wanted, transpose(x, [0, 2, 1])])
  const attention = g.op('Softmax', [scores], { axis: int(-1) }, names.attention)
  const pooled = transpose(g.op('MatMul', [attention, x]), [1, 0, 2])
  const values = transpose(g.op('MatMul', [pooled, c('value')]), [1, 0, 2])
  const joined = g.op('Add', [reshape(values, [-1, heads * size]), c('valueBias')])
  g.op('Add', [g.op('MatMul', [joined, c('output')]), c('outputBias')], {}, names.embedding)
  const outputs: Record<string, readonly (number | string)[]> = {
    [tap]: ['batch', units, height, width],
    [names.embedding]: ['batch', constants.dimensions],
    [names.attention]: ['batch', heads, constants.places],
    [names.before]: ['batch', units],
    [names.after]: ['batch', units],
  }
  return {
    ...g.build(Object.keys(outputs)),
    outputs: Object.entries(outputs).map(([name, shape]) => ({ name, type: 'float32', shape })),
  }
}
