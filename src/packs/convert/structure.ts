import { type Graph, GraphError, type Node, stringOf } from '../../onnx/index.ts'

/** Which node makes each tensor of a graph, and which tensors depend on its input. */
export class Structure {
  readonly graph: Graph
  readonly #makers: ReadonlyMap<string, Node>
  readonly #data = new Set<string>()

  constructor(graph: Graph) {
    this.graph = graph
    this.#makers = new Map(
      graph.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)),
    )
    for (const { name } of graph.inputs) this.#data.add(name)
    for (const { op, inputs, outputs } of graph.nodes) {
      if (op === 'Shape' || op === 'Size' || !inputs.some((input) => this.#data.has(input))) continue
      for (const output of outputs) this.#data.add(output)
    }
  }

  makerOf(name: string): Node | undefined {
    return this.#makers.get(name)
  }

  /** Whether a tensor depends on the input's values, not just on its size. */
  isData(name: string): boolean {
    return this.#data.has(name)
  }

  /** The nodes that a tensor is computed from, the nearest first. */
  *ancestors(name: string): Generator<Node> {
    const queue = [name]
    const seen = new Set<Node>()
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const node = this.makerOf(next)
      if (!node || seen.has(node)) continue
      seen.add(node)
      yield node
      queue.push(...node.inputs.filter((input) => this.isData(input)))
    }
  }
}

/** The embedding before the graph scales it to length 1, if it does: we do that in one place, after all graphs. */
export function beforeNormalising(structure: Structure, output: string): string {
  const node = structure.makerOf(output)
  if (node?.op === 'LpNormalization') return node.inputs[0]!
  if (node?.op !== 'Div') return output
  const [features = '', length = ''] = node.inputs
  for (const ancestor of structure.ancestors(length)) {
    if (ancestor.op === 'ReduceL2' && ancestor.inputs[0] === features) return features
    if (ancestor.outputs.includes(features)) break
  }
  return output
}

/**
 * OpenAI trained with QuickGELU, x * sigmoid(1.702 x); the embeddings of an export with GELU are slightly wrong.
 *
 * @throws GraphError for such an export
 */
export function checkQuickGelu(graph: Graph): void {
  const wrong = graph.nodes.find(
    ({ op, domain }) => op === 'Erf' || op === 'Tanh' || (op === 'Gelu' && domain !== 'com.microsoft'),
  )
  if (!wrong) return
  const kind = wrong.op === 'Gelu' ? ` (${stringOf(wrong, 'approximate', 'none')})` : ''
  throw new GraphError(
    `it computes GELU${kind} where CLIP was trained with QuickGELU, so its numbers would be slightly wrong`,
  )
}
