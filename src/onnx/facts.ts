import { GraphError } from './error.ts'
import { fold } from './fold.ts'
import { describe, type Graph, type Node, type Value } from './graph.ts'
import { shapeRules } from './shapes/index.ts'
import type { Fact, Seen } from './shapes/rule.ts'
import { type Tensor, valuesOf } from './tensor.ts'

/** What is known about each tensor of a graph: type, shape, and the elements of constants. Grows node by node. */
export class Facts {
  readonly #facts = new Map<string, Fact>()
  readonly #constants = new Map<string, Tensor>()
  /** Why a tensor's facts are unknown. */
  readonly #causes = new Map<string, string>()
  readonly #said: ReadonlyMap<string, Value>

  constructor(graph: Graph) {
    this.#said = new Map([...graph.values, ...graph.outputs.map((value) => [value.name, value] as const)])
    for (const [name, constant] of graph.initializers) this.addConstant(name, constant)
    for (const value of graph.inputs) this.addInput(value)
    for (const node of graph.nodes) this.add(node)
  }

  addConstant(name: string, constant: Tensor): void {
    this.#constants.set(name, constant)
    this.#facts.set(name, { type: constant.type, shape: constant.dims })
  }

  addInput(value: Value): void {
    const fact = closed(value)
    if (fact) this.#facts.set(value.name, fact)
    else {
      const shape = value.shape ? `[${value.shape.join(', ')}]` : 'of any rank'
      this.#causes.set(
        value.name,
        `the input "${value.name}" has an open shape (${shape}): bind it with shapes: { ${JSON.stringify(value.name)}: [...] }`,
      )
    }
  }

  /** Infers the facts of a node's outputs. */
  add(node: Node): void {
    const unknown = node.inputs.find((input) => input && !this.#facts.has(input))
    if (unknown !== undefined) {
      const cause = this.#causes.get(unknown) ?? `there is no tensor "${unknown}"`
      for (const output of node.outputs) this.#causes.set(output, cause)
    } else {
      this.#infer(node)
    }
    for (const output of node.outputs) this.#believe(output)
  }

  /** A node with what is known about its inputs. */
  seen(node: Node): Seen {
    return {
      node,
      facts: node.inputs.map((input) => this.#facts.get(input)),
      values: (input) => {
        const constant = this.#constants.get(node.inputs[input] ?? '')
        return constant && Array.from(valuesOf(constant))
      },
    }
  }

  #infer(node: Node): void {
    const seen = this.seen(node)
    const facts = node.domain === '' ? shapeRules[node.op]?.(seen) : undefined
    for (const [n, output] of node.outputs.entries()) {
      const fact = facts?.[n]
      if (!fact)
        this.#causes.set(output, `the shape of "${output}" cannot be inferred from ${describe(node)}`)
      else if (output) this.#facts.set(output, fact)
    }
    const constant = facts?.[0] && fold(seen, facts[0])
    if (constant) this.addConstant(node.outputs[0]!, constant)
  }

  /** Believes the file about a tensor that no rule covers. */
  #believe(name: string): void {
    const said = this.#said.get(name)
    const fact = said && closed(said)
    if (fact && !this.#facts.has(name)) this.#facts.set(name, fact)
  }

  /** @throws GraphError that says which tensor's shape is unknown and why */
  of(name: string): Fact {
    const fact = this.#facts.get(name)
    if (!fact) throw new GraphError(this.#causes.get(name) ?? `there is no tensor "${name}"`)
    return fact
  }

  /** The elements of a tensor that depends on no input, if they are few or the file has them. */
  constant(name: string): Tensor | undefined {
    return this.#constants.get(name)
  }

  find(name: string): Fact | undefined {
    return this.#facts.get(name)
  }

  has(name: string): boolean {
    return this.#facts.has(name) || this.#causes.has(name)
  }
}

function closed({ type, shape }: Value): Fact | undefined {
  if (!type || !shape || shape.some((size) => typeof size === 'string')) return undefined
  return { type, shape: shape as readonly number[] }
}
