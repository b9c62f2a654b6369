import { GraphError } from './error.ts'
import type { Facts } from './facts.ts'
import { describe, type Graph, int, intOf, intsOf, type Node } from './graph.ts'
import { countOf, type Shape, tensor, type Tensor, valuesOf } from './tensor.ts'

/**
 * Where the batch is in a tensor: the size of this axis for one sample is multiplied by the batch, which varies slower
 * than `inner` elements of the axis. `inner` is 1 if the batch has the axis to itself, or varies fastest.
 */
interface BatchAxis {
  readonly axis: number
  readonly inner: number
}

/**
 * Gives a dynamic batch axis to a graph that an exporter fixed to one picture or text. Shapes that it computes become
 * constants; then the batch is followed from the input through all tensors that depend on it, and put into the shapes
 * that state sizes.
 *
 * @param facts of the graph for one picture or text
 * @throws GraphError if an operator mixes the batch with something else, or is unknown here
 */
export function openBatch(graph: Graph, facts: Facts): Graph {
  const follower = new Follower(graph, facts)
  for (const node of graph.nodes) follower.visit(node)
  const open = (value: Graph['inputs'][number]) => ({
    ...value,
    shape: facts
      .of(value.name)
      .shape.map((size, axis) => (axis === follower.batchAxisOf(value.name)?.axis ? 'batch' : size)),
  })
  return {
    ...graph,
    inputs: graph.inputs.map(open),
    outputs: graph.outputs.map(open),
    nodes: follower.nodes,
    initializers: follower.initializers,
    values: new Map(),
  }
}

const elementwise = new Set(
  'Add Sub Mul Div Pow Min Max Sigmoid Sqrt Exp Erf Tanh Relu Neg Abs Cast Identity Clip Where Equal'.split(
    ' ',
  ),
)
const alongAxes = new Set('Softmax LayerNormalization Slice Split'.split(' '))
const reductions = new Set('ReduceMean ReduceSum ReduceL2 ReduceMax'.split(' '))

class Follower {
  readonly nodes: Node[] = []
  readonly initializers: Map<string, Tensor>
  readonly #facts: Facts
  readonly #batchAxes = new Map<string, BatchAxis>()
  readonly #input: string
  #count = 0

  constructor(graph: Graph, facts: Facts) {
    this.#facts = facts
    this.initializers = new Map(graph.initializers)
    this.#input = graph.inputs[0]!.name
    this.#batchAxes.set(this.#input, { axis: 0, inner: 1 })
  }

  batchAxisOf(name: string): BatchAxis | undefined {
    return this.#batchAxes.get(name)
  }

  visit(node: Node): void {
    const from = node.inputs.findIndex((input) => this.#batchAxes.has(input))
    if (from < 0 || node.op === 'Shape' || node.op === 'Size') {
      this.#constant(node)
      return
    }
    const batchAxis = this.#rewrite(node, from)
    for (const output of node.outputs) if (output) this.#batchAxes.set(output, batchAxis)
  }

  /** A node whose outputs do not depend on the input's values: becomes its value if that is known, else stays. */
  #constant(node: Node): void {
    const values = node.outputs.map((output) => this.#facts.constant(output))
    if (values.includes(undefined)) {
      if (node.op === 'Shape') this.#refuse(node, 'returns a shape that is not known')
      this.nodes.push(node)
      return
    }
    for (const [n, output] of node.outputs.entries()) this.initializers.set(output, values[n]!)
  }

  /** Adds the node, changed if it states sizes. @returns where the batch is in its outputs */
  #rewrite(node: Node, from: number): BatchAxis {
    const name = node.inputs[from]!
    const { axis, inner } = this.#batchAxes.get(name)!
    const [dims, result] = [this.#dims(name), this.#dims(node.outputs.find(Boolean)!)]
    const keep = (batchAxis: BatchAxis): BatchAxis => {
      this.nodes.push(node)
      return batchAxis
    }
    if (node.domain !== '') return this.#refuse(node, "is not one of ONNX's own operators")
    // Aligned at the last axis, as in broadcasting and matrix products.
    const aligned = { axis: axis + result.length - dims.length, inner }
    if (elementwise.has(node.op)) {
      for (const input of node.inputs) this.#agree(node, input, aligned, result.length)
      return keep(aligned)
    }
    if (alongAxes.has(node.op) || node.op === 'Conv') return keep({ axis, inner })
    if (node.op === 'MatMul') {
      if (axis === dims.length - (from === 0 ? 1 : 2)) this.#refuse(node, 'sums over the batch')
      return keep(aligned)
    }
    if (node.op === 'Gemm' && from === 0 && axis === 0 && !intOf(node, 'transA', 0))
      return keep({ axis, inner })
    if (reductions.has(node.op) || node.op === 'ArgMax' || node.op === 'Squeeze') {
      if (node.op !== 'Squeeze' && intOf(node, 'keepdims', 1)) return keep({ axis, inner })
      const gone = this.#axes(node, dims.length).filter((one) => one < axis).length
      return keep({ axis: axis - gone, inner })
    }
    if (node.op === 'Transpose') {
      const order = intsOf(node, 'perm') ?? dims.map((_, n) => dims.length - 1 - n)
      return keep({ axis: order.indexOf(axis), inner })
    }
    if (node.op === 'Unsqueeze') {
      const added = this.#axes(node, result.length)
      const left = result.map((_, n) => n).filter((n) => !added.includes(n))
      return keep({ axis: left[axis]!, inner })
    }
    if (node.op === 'Concat') return this.#concat(node, { axis, inner })
    if (node.op === 'Gather') return this.#gather(node, result)
    if (node.op === 'Reshape' || node.op === 'Flatten') return this.#reshape(node, name, dims, result)
    if (node.op === 'Expand' && countOf(dims) === countOf(result)) {
      this.nodes.push({ ...node, op: 'Identity', inputs: [name], attributes: {} })
      return aligned
    }
    return this.#refuse(node, 'is not a known operator')
  }

  #reshape(node: Node, name: string, dims: Shape, result: Shape): BatchAxis {
    const { axis, inner } = this.#batchAxes.get(name)!
    const batchAxis = batchAxisAfter(inner * countOf(dims.slice(axis + 1)), result)
    if (!batchAxis) return this.#refuse(node, `reshapes [${dims.join(', ')}] to [${result.join(', ')}]`)
    const target = result.map((size, n) => (n === batchAxis.axis ? -1 : size))
    const shape = this.#fresh(tensor('int64', [target.length], target))
    const attributes = {}
    this.nodes.push({ ...node, op: 'Reshape', inputs: [name, shape], attributes })
    return batchAxis
  }

  /** What is the same for every sample (a class token) is repeated for each. */
  #concat(node: Node, batchAxis: BatchAxis): BatchAxis {
    const like = node.inputs.find((input) => this.#batchAxes.has(input))!
    const inputs = node.inputs.map((input) => {
      if (this.#batchAxes.has(input)) {
        this.#agree(node, input, batchAxis, this.#dims(like).length)
        return input
      }
      const dims = this.#dims(input)
      const count = this.#add('Shape', [this.#input], { start: int(0), end: int(1) })
      const sizes = dims.map((size, n) =>
        n === batchAxis.axis ? count : this.#fresh(tensor('int64', [1], [size])),
      )
      return this.#add('Expand', [input, this.#add('Concat', sizes, { axis: int(0) })], {})
    })
    this.nodes.push({ ...node, inputs })
    return batchAxis
  }

  #gather(node: Node, result: Shape): BatchAxis {
    const [data = '', indices = ''] = node.inputs
    const [ofData, ofIndices] = [this.#batchAxes.get(data), this.#batchAxes.get(indices)]
    const rank = this.#dims(data).length
    const axis = (intOf(node, 'axis', 0) + rank) % rank
    const indexRank = this.#dims(indices).length
    if (ofData && !ofIndices) {
      if (ofData.axis === axis) return this.#refuse(node, 'picks from the batch')
      this.nodes.push(node)
      return { ...ofData, axis: ofData.axis < axis ? ofData.axis : ofData.axis + indexRank - 1 }
    }
    if (ofIndices && !ofData) {
      this.nodes.push(node)
      return { ...ofIndices, axis: ofIndices.axis + axis }
    }
    // The rows of all texts are concatenated, and each text picks one of its own: the end-of-text token.
    const rows = this.#dims(data)[axis]!
    if (axis !== 0 || ofData!.axis !== 0 || ofData!.inner !== rows || indexRank !== 1)
      return this.#refuse(node, 'picks in an unknown way')
    const [zero, one] = [0, 1].map((value) => this.#fresh(tensor('int64', [], [value])))
    const count = this.#add('Size', [indices], {})
    const firsts = this.#add('Mul', [
      this.#add('Range', [zero!, count, one!], {}),
      this.#fresh(tensor('int64', [], [rows])),
    ])
    const index = this.#add('Add', [this.#add('Cast', [indices], { to: int(7) }), firsts])
    this.nodes.push({ ...node, inputs: [data, index] })
    return result.length > 0 ? { axis: 0, inner: 1 } : this.#refuse(node, 'returns no row')
  }

  #add(op: string, inputs: readonly string[], attributes: Node['attributes'] = {}): string {
    const name = `batch/${op}_${++this.#count}`
    this.nodes.push({ op, domain: '', name, inputs, outputs: [name], attributes })
    return name
  }

  #fresh(value: Tensor): string {
    const name = `batch/constant_${++this.#count}`
    this.initializers.set(name, value)
    return name
  }

  /** The axes in a node's attribute or second input, counted from the front. */
  #axes(node: Node, rank: number): number[] {
    const second = this.initializers.get(node.inputs[1] ?? '')
    const named =
      intsOf(node, 'axes') ??
      (node.op === 'ArgMax' ? [intOf(node, 'axis', 0)] : second ? Array.from(valuesOf(second)) : undefined)
    if (!named) return this.#refuse(node, 'does not state its axes')
    return named.map((axis) => (axis + rank) % rank)
  }

  #dims(name: string): Shape {
    return this.#facts.of(name).shape
  }

  #agree(node: Node, input: string, batchAxis: BatchAxis, rank: number): void {
    const own = this.#batchAxes.get(input)
    if (!own) return
    const axis = own.axis + rank - this.#dims(input).length
    if (axis !== batchAxis.axis || own.inner !== batchAxis.inner)
      this.#refuse(node, 'combines tensors whose batch is in different places')
  }

  #refuse(node: Node, why: string): never {
    throw new GraphError(`the batch cannot be made dynamic: ${describe(node)} ${why}`)
  }
}

/**
 * Where the batch is after a reshape, given how many elements vary faster than it: an axis of size 1 becomes the batch's
 * own; an axis of heads split off the last axis is multiplied by it; in rows that were concatenated it varies fastest.
 */
function batchAxisAfter(faster: number, result: Shape): BatchAxis | undefined {
  const behind = (axis: number) => countOf(result.slice(axis + 1))
  const own = result.findIndex((size, axis) => size === 1 && behind(axis) === faster)
  if (own >= 0) return { axis: own, inner: 1 }
  const outer = result.findIndex((size, axis) => size * behind(axis) === faster)
  if (outer >= 0 && outer < result.length - 1) return { axis: outer, inner: result[outer]! }
  const last = result.findIndex((_, axis) => behind(axis) === faster)
  return last < 0 ? undefined : { axis: last, inner: 1 }
}
