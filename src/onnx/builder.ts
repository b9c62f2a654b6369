import { GraphError } from './error.ts'
import { extractSubgraph } from './edit.ts'
import { Facts } from './facts.ts'
import type { Attributes, Graph, Node } from './graph.ts'
import { opsetOf } from './graph.ts'
import type { Fact, Seen } from './shapes/rule.ts'
import { type ElementType, type Shape, tensor, type Tensor } from './tensor.ts'

/** An empty graph of the given version of ONNX's operator set. */
export const emptyGraph = (opset: number): Graph => ({
  name: 'graph',
  // The file format of operator sets 15 to 18; runtimes accept newer sets in it as well.
  irVersion: 8,
  opsets: { '': opset },
  inputs: [],
  outputs: [],
  nodes: [],
  initializers: new Map(),
  values: new Map(),
  functions: [],
  metadata: {},
})

/** Extends a graph node by node, and knows the type and shape of every tensor along the way. */
export class GraphBuilder {
  readonly opset: number
  readonly #graph: Graph
  readonly #facts: Facts
  readonly #inputs
  readonly #nodes
  readonly #initializers
  /** Names of small constants by content, so that equal ones are shared. */
  readonly #known = new Map<string, string>()
  #count = 0

  /** @param start the graph to extend; it is not changed */
  constructor(start: Graph) {
    this.#graph = start
    this.opset = opsetOf(start)
    this.#facts = new Facts(start)
    this.#inputs = [...start.inputs]
    this.#nodes = [...start.nodes]
    this.#initializers = new Map(start.initializers)
  }

  /** Adds an input. @returns its name */
  input(name: string, type: ElementType, shape: Shape): string {
    if (this.has(name)) throw new GraphError(`the graph already has a tensor "${name}"`)
    this.#inputs.push({ name, type, shape })
    this.#facts.addInput({ name, type, shape })
    return name
  }

  /** Adds a constant. @returns its name */
  constant(value: Tensor, name?: string): string {
    const key = `${value.type} ${value.dims.join()} ${value.bytes.length > 256 ? ++this.#count : value.bytes.join()}`
    const known = name === undefined ? this.#known.get(key) : undefined
    if (known !== undefined) return known
    const fresh = name ?? this.#fresh('constant')
    this.#known.set(key, fresh)
    this.#initializers.set(fresh, value)
    this.#facts.addConstant(fresh, value)
    return fresh
  }

  scalar(value: number, type: ElementType): string {
    return this.constant(tensor(type, [], [value]))
  }

  /** A vector of 64-bit integers, the form in which operators take shapes and axes. */
  ints(values: readonly number[]): string {
    return this.constant(tensor('int64', [values.length], values))
  }

  /** Adds a node with one output. @returns the output's name */
  op(op: string, inputs: readonly string[], attributes: Attributes = {}, name?: string): string {
    return this.ops(op, inputs, attributes, [name ?? this.#fresh(op)])[0]!
  }

  /** Adds a node with the given output names, '' for an output that is not needed. */
  ops(
    op: string,
    inputs: readonly string[],
    attributes: Attributes,
    outputs: readonly string[],
  ): readonly string[] {
    for (const output of outputs)
      if (this.has(output)) throw new GraphError(`the graph already has a tensor "${output}"`)
    const node: Node = { op, domain: '', name: outputs.find(Boolean) ?? op, inputs, outputs, attributes }
    this.#nodes.push(node)
    this.#facts.add(node)
    return outputs
  }

  /** @throws GraphError that says which tensor's shape is unknown and why */
  fact(name: string): Fact {
    return this.#facts.of(name)
  }

  find(name: string): Fact | undefined {
    return this.#facts.find(name)
  }

  /** A node with what is known about its inputs. */
  seen(node: Node): Seen {
    return this.#facts.seen(node)
  }

  has(name: string): boolean {
    return this.#facts.has(name)
  }

  /** The graph with the given outputs and only what they need. */
  build(outputs: readonly string[]): Graph {
    return extractSubgraph(
      {
        ...this.#graph,
        inputs: this.#inputs,
        nodes: this.#nodes,
        initializers: this.#initializers,
        outputs: outputs.map((name) => ({ name, ...this.#facts.find(name) })),
      },
      { outputs },
    )
  }

  #fresh(op: string): string {
    let name
    do name = `${op}_${++this.#count}`
    while (this.has(name))
    return name
  }
}
