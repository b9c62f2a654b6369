import type { Graph } from '../onnx/index.ts'

/** As many as Goh et al. 2021 put their facets on. */
const MOST = 5

/** The model's inner layers that facets weigh: the ReLUs behind residual sums, at most five, the last ones. */
export function innerLayers(graph: Graph, tap: string): string[] {
  const sums = new Set(graph.nodes.filter(({ op }) => op === 'Add').flatMap(({ outputs }) => outputs))
  const relus = graph.nodes.filter(
    ({ op, inputs }) => op === 'Relu' && sums.has(inputs[0]!) && inputs[0] !== tap,
  )
  return relus.map(({ outputs }) => outputs[0]!).slice(-MOST)
}
