import { GraphError } from './error.ts'
import { describe, floatOf, type Graph, int, intOf, ints, type Node } from './graph.ts'
import { isFloat, type Shape, tensor, type Tensor } from './tensor.ts'

/**
 * Rewrites every Attention (operator set 23) as MatMul, Softmax and MatMul. Then providers without the operator can run
 * the graph, TensorRT computes it correctly, gradients pass, and the attention weights are a tensor.
 *
 * @param dimsOf the dimensions of an Attention's inputs, for causal masks and head sizes
 * @throws GraphError for forms that no CLIP has: caches, soft caps, grouped queries
 */
export function decomposeAttention(graph: Graph, dimsOf: (tensor: string) => Shape): Graph {
  if (!graph.nodes.some(isAttention)) return graph
  const initializers = new Map(graph.initializers)
  const constant = (name: string, value: Tensor): string => {
    initializers.set(name, value)
    return name
  }
  const isAdded = (mask: string) => isFloat(graph.initializers.get(mask)?.type ?? 'float32')
  const nodes = graph.nodes.flatMap((node) =>
    isAttention(node) ? decomposed(node, { dimsOf, constant, isAdded }) : [node],
  )
  return { ...graph, nodes, initializers }
}

const isAttention = ({ op, domain }: Node): boolean => op === 'Attention' && domain === ''

interface Surroundings {
  readonly dimsOf: (tensor: string) => Shape
  readonly constant: (name: string, value: Tensor) => string
  /** A mask of floats is added to the scores; a boolean one says which scores count. */
  readonly isAdded: (mask: string) => boolean
}

function decomposed(node: Node, { dimsOf, constant, isAdded }: Surroundings): Node[] {
  const [q = '', k = '', v = '', mask = '', ...caches] = node.inputs
  const [output = ''] = node.outputs
  const refuse = (what: string): never => {
    throw new GraphError(`${describe(node)} has ${what}, which is not supported`)
  }
  if (caches.some(Boolean) || node.outputs.slice(1).some(Boolean)) refuse('a cache')
  if (floatOf(node, 'softcap', 0)) refuse('a soft cap')
  const dims = dimsOf(q)
  const flat = dims.length === 3
  const heads = flat ? intOf(node, 'q_num_heads', 0) : dims[1]!
  if (intOf(node, 'kv_num_heads', heads) !== heads || (!flat && dimsOf(k)[1] !== heads)) refuse('shared keys')
  const size = flat ? dims[2]! / heads : dims[3]!
  const nodes: Node[] = []
  const add = (op: string, inputs: readonly string[], attributes: Node['attributes'], name = ''): string => {
    const made = name || `${output}/${op}_${nodes.length}`
    nodes.push({ op, domain: '', name: made, inputs, outputs: [made], attributes })
    return made
  }
  const shape = (values: readonly number[]): string =>
    constant(`${output}/shape_${nodes.length}`, tensor('int64', [values.length], values))
  const split = (x: string): string =>
    flat
      ? add('Transpose', [add('Reshape', [x, shape([0, 0, heads, -1])], {})], { perm: ints([0, 2, 1, 3]) })
      : x

  const scale = floatOf(node, 'scale', 1 / Math.sqrt(size))
  const keys = add('Transpose', [split(k)], { perm: ints([0, 1, 3, 2]) })
  const factor = constant(`${output}/scale`, tensor('float32', [], [scale]))
  let scores = add('MatMul', [add('Mul', [split(q), factor], {}), keys], {})
  if (mask && isAdded(mask)) scores = add('Add', [scores, mask], {})
  else if (mask) {
    const never = constant(`${output}/never`, tensor('float32', [], [-Infinity]))
    scores = add('Where', [mask, scores, never], {})
  }
  if (intOf(node, 'is_causal', 0)) {
    const [rows, columns] = [dims.at(-2)!, dimsOf(k).at(-2)!]
    const ahead = Float32Array.from({ length: rows * columns }, (_, n) =>
      n % columns > Math.floor(n / columns) ? -Infinity : 0,
    )
    scores = add('Add', [scores, constant(`${output}/causal`, tensor('float32', [rows, columns], ahead))], {})
  }
  const weights = add('Softmax', [scores], { axis: int(-1) }, `${output}/weights`)
  if (!flat) {
    add('MatMul', [weights, split(v)], {}, output)
    return nodes
  }
  const joined = add('Transpose', [add('MatMul', [weights, split(v)], {})], { perm: ints([0, 2, 1, 3]) })
  add('Reshape', [joined, shape([0, 0, heads * size])], {}, output)
  return nodes
}
