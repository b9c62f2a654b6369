import { GraphError } from './error.ts'
import { Facts } from './facts.ts'
import type { Body, Graph, Node, Value } from './graph.ts'

/**
 * The part of a graph that computes `outputs`. It begins at `inputs`, if given: tensors of the graph, also inner ones,
 * that are to be fed from outside; otherwise at those of the graph's own inputs that are needed.
 *
 * @throws GraphError for a tensor that doesn't exist, an output that needs an input that isn't given, and an inner input
 *   whose type and shape are unknown
 */
export function extractSubgraph(
  graph: Graph,
  ends: { inputs?: readonly string[]; outputs: readonly string[] },
): Graph {
  const { outputs, inputs = graph.inputs.map(({ name }) => name) } = ends
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node])))
  const own = new Map(graph.inputs.map((value) => [value.name, value]))
  const wanted = new Set<Node>()
  const reached = new Set<string>()
  const queue = [...outputs]
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (name === '' || reached.has(name)) continue
    reached.add(name)
    if (inputs.includes(name) || graph.initializers.has(name)) continue
    const node = producers.get(name)
    if (!node) {
      throw new GraphError(
        own.has(name)
          ? `[${outputs.join(', ')}] needs the input "${name}" as well`
          : `there is no tensor "${name}" in the graph`,
      )
    }
    wanted.add(node)
    queue.push(...node.inputs, ...captured(node, producers, graph))
  }
  const facts = inputs.every((name) => own.has(name)) ? undefined : new Facts(graph)
  return {
    ...graph,
    inputs: inputs
      .filter((name) => reached.has(name))
      .map((name) => own.get(name) ?? { name, ...facts!.of(name) }),
    outputs: outputs.map((name) => describeOutput(graph, name)),
    nodes: graph.nodes.filter((node) => wanted.has(node)),
    initializers: new Map([...graph.initializers].filter(([name]) => reached.has(name))),
    values: new Map([...graph.values].filter(([name]) => reached.has(name))),
  }
}

/** What the graph says about a tensor that becomes an output; a runtime needs no more than the name. */
function describeOutput(graph: Graph, name: string): Value {
  return (
    [...graph.outputs, ...graph.inputs].find((value) => value.name === name) ??
    graph.values.get(name) ?? { name }
  )
}

/** Tensors of the outer graph that the graphs inside a node (the branches of an If) use. */
function captured(node: Node, producers: ReadonlyMap<string, Node>, graph: Graph): string[] {
  const around = (name: string): boolean =>
    producers.has(name) || graph.initializers.has(name) || graph.inputs.some((input) => input.name === name)
  const inside = ({ nodes, outputs }: Body): string[] => [
    ...outputs.map(({ name }) => name),
    ...nodes.flatMap((inner) => [...inner.inputs, ...bodiesOf(inner).flatMap(inside)]),
  ]
  return bodiesOf(node).flatMap(inside).filter(around)
}

const bodiesOf = ({ attributes }: Node): Body[] =>
  Object.values(attributes).flatMap((attribute) => (attribute.type === 'graph' ? [attribute.value] : []))

/** The graph with an inner tensor as an additional output. */
export function exposeOutput(graph: Graph, name: string): Graph {
  if (graph.outputs.some((output) => output.name === name)) return graph
  if (!graph.nodes.some((node) => node.outputs.includes(name))) {
    throw new GraphError(`there is no tensor "${name}" in the graph that could be an output`)
  }
  return { ...graph, outputs: [...graph.outputs, describeOutput(graph, name)] }
}

const shapeless = ({ name, type }: Value): Value => ({ name, ...(type && { type }) })

/**
 * The graph with the given input shapes instead of those in the file; all other shapes follow from them.
 *
 * @throws GraphError for an input that doesn't exist or has another number of axes
 */
export function bindShapes(graph: Graph, shapes: Readonly<Record<string, readonly number[]>>): Graph {
  for (const [name, shape] of Object.entries(shapes)) {
    const input = graph.inputs.find((value) => value.name === name)
    if (!input) throw new GraphError(`there is no input "${name}" to bind to [${shape.join(', ')}]`)
    if (input.shape && input.shape.length !== shape.length) {
      throw new GraphError(`the input "${name}" has ${input.shape.length} axes, not [${shape.join(', ')}]`)
    }
  }
  if (Object.keys(shapes).length === 0) return graph
  const bound: Graph = {
    ...graph,
    inputs: graph.inputs.map((value) => ({
      ...value,
      ...(shapes[value.name] && { shape: shapes[value.name]! }),
    })),
    outputs: graph.outputs.map(shapeless),
    values: new Map([...graph.values.values()].map((value) => [value.name, shapeless(value)])),
  }
  const facts = new Facts(bound)
  return { ...bound, outputs: bound.outputs.map((value) => ({ ...value, ...facts.find(value.name) })) }
}
