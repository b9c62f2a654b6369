import type { Graph } from '../onnx/index.ts'

/** As many as in Goh et al. 2021. */
const maxLayers = 5

/** The inner layers that facets are fitted on: the ReLUs after the last residual sums, at most five. */
export function innerLayers(graph: Graph, tap: string): string[] {
  const sums = new Set(graph.nodes.filter(({ op }) => op === 'Add').flatMap(({ outputs }) => outputs))
  const relus = graph.nodes.filter(
    ({ op, inputs }) => op === 'Relu' && sums.has(inputs[0]!) && inputs[0] !== tap,
  )
  return relus.map(({ outputs }) => outputs[0]!).slice(-maxLayers)
}
