import { emptyGraph, type Graph, GraphBuilder, int, ints } from '../../onnx/index.ts'
import type { PoolConstants } from './pool.ts'

const open = (name: string, columns: number) => ({
  name,
  type: 'float32' as const,
  shape: ['texts', columns],
})

/**
 * What each unit adds to a picture's similarity to texts. Given its attention weights, the pool is linear in the units
 * ("Interpreting ResNet-based CLIP via Neuron-Attention Decomposition", Bu & Gandelsman 2025): unit n adds the sum over
 * heads h and positions i of attention[h,i] * fired[n,i] * (value[h] output[h])[n] . text.
 *
 * Inputs: `map` [1,units,h,w] before the ReLU, `attention` [1,heads,places + 1], `texts` [l,d] L2-normalised.
 * Outputs: `shares` [l,units] and `rest` [l,1], what positional embeddings and biases add; together they sum to the
 * cosines.
 */
export function reasonsGraph(
  constants: PoolConstants,
  heads: number,
  [height, width]: readonly [number, number],
): Graph {
  const { units, size, places, dimensions } = constants
  const g = new GraphBuilder(emptyGraph(17))
  const c = (name: keyof PoolConstants['tensors']) => g.constant(constants.tensors[name], `pool/${name}`)
  const reshape = (x: string, dims: readonly number[]) => g.op('Reshape', [x, g.ints(dims)])
  const transpose = (x: string, perm: readonly number[]) => g.op('Transpose', [x], { perm: ints(perm) })
  const map = g.input('map', 'float32', [1, units, height, width])
  const attention = reshape(g.input('attention', 'float32', [1, heads, places]), [heads, places])
  const texts = g.input('texts', 'float32', [1, dimensions])

  const fired = g.op('Relu', [map])
  const mean = reshape(g.op('GlobalAveragePool', [fired]), [units, 1])
  const tokens = g.op('Concat', [mean, reshape(fired, [units, height * width])], { axis: int(1) })
  const pooled = g.op('MatMul', [attention, transpose(tokens, [1, 0])])
  const placed = g.op('MatMul', [attention, c('positional')])

  // [heads, units, texts]: what a unit at 1 would add. Laid out like the weights, which are most of what a run reads.
  const asked = g.op('MatMul', [texts, transpose(c('output'), [1, 0])])
  const each = g.op('MatMul', [c('value'), transpose(reshape(asked, [-1, heads, size]), [1, 2, 0])])
  const parts = g.op('Mul', [each, reshape(pooled, [heads, units, 1])])
  const shares = transpose(g.op('ReduceSum', [parts, g.ints([0])], { keepdims: int(0) }), [1, 0])

  const still = g.op('MatMul', [reshape(placed, [1, heads * units]), reshape(each, [heads * units, -1])])
  const biases = [
    g.op('MatMul', [asked, reshape(c('valueBias'), [heads * size, 1])]),
    g.op('MatMul', [texts, reshape(c('outputBias'), [dimensions, 1])]),
  ]
  const rest = g.op('Add', [transpose(still, [1, 0]), g.op('Add', biases)])

  const mixed = reshape(g.op('Add', [pooled, placed]), [heads, 1, units])
  const values = reshape(g.op('MatMul', [mixed, c('value')]), [1, heads * size])
  const joined = g.op('Add', [values, c('valueBias')])
  const embedding = g.op('Add', [g.op('MatMul', [joined, c('output')]), c('outputBias')])
  const length = g.op('ReduceL2', [embedding], { axes: ints([1]) })

  g.op('Div', [shares, length], {}, 'shares')
  g.op('Div', [rest, length], {}, 'rest')
  const graph = g.build(['shares', 'rest'])
  return {
    ...graph,
    inputs: graph.inputs.map((value) => (value.name === 'texts' ? open('texts', dimensions) : value)),
    outputs: [open('shares', units), open('rest', 1)],
    values: new Map(),
  }
}
