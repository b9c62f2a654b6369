import { GraphError } from './error.ts'
import { type Graph, int, type Node } from './graph.ts'
import { codeOf, countOf, tensor, type Tensor, valuesOf } from './tensor.ts'

/** Biases and scales take next to no space; they stay as they are. */
const smallestWeights = 1024
/** Above it, float16 rounds to infinity. Infinity itself, as attention masks have it, stays what it is. */
const largestHalf = 65504

/**
 * Keeps the large float32 weights of graphs as float16, each behind a Cast back to float32. Half the size on disk; as
 * all arithmetic stays in float32, every execution provider runs it, also those without operators for float16.
 *
 * @param graphs which may share weights, and still do so afterwards
 * @throws GraphError for a weight beyond the range of float16, when that weight is written
 */
export function halveWeights<Names extends string>(
  graphs: Readonly<Record<Names, Graph>>,
): Record<Names, Graph> {
  const halves = new Map<Tensor, Tensor>()
  const halfOf = (weights: Tensor, name: string): Tensor => {
    const half = halves.get(weights) ?? halved(weights, name)
    halves.set(weights, half)
    return half
  }
  const entries = Object.entries<Graph>(graphs).map(([name, graph]) => [name, halve(graph, halfOf)])
  return Object.fromEntries(entries) as Record<Names, Graph>
}

function halve(graph: Graph, halfOf: (weights: Tensor, name: string) => Tensor): Graph {
  const casts: Node[] = []
  const initializers = [...graph.initializers].map(([name, weights]): [string, Tensor] => {
    if (weights.type !== 'float32' || countOf(weights.dims) < smallestWeights) return [name, weights]
    const half = `${name}/float16`
    casts.push({
      op: 'Cast',
      domain: '',
      name: `${name}/cast`,
      inputs: [half],
      outputs: [name],
      attributes: { to: int(codeOf('float32')) },
    })
    return [half, halfOf(weights, name)]
  })
  return { ...graph, initializers: new Map(initializers), nodes: [...casts, ...graph.nodes] }
}

/** Computed each time its bytes are asked for, so that a large model's weights are never in memory together. */
const halved = (weights: Tensor, name: string): Tensor => ({
  type: 'float16',
  dims: weights.dims,
  get bytes() {
    const values = valuesOf(weights)
    for (const value of values)
      if (Number.isFinite(value) && Math.abs(value) > largestHalf)
        throw new GraphError(
          `the weights "${name}" contain ${value.toPrecision(3)}, which does not fit into 16 bits: leave out --precision`,
        )
    return tensor('float16', weights.dims, values).bytes
  },
})
