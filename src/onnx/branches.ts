import { Facts } from './facts.ts'
import type { Graph, Node } from './graph.ts'

/**
 * Replaces each If whose condition is constant with the branch that is taken; exporters write such nodes to check a size
 * that is fixed by now. Any other If stays.
 */
export function resolveBranches(graph: Graph): Graph {
  if (!graph.nodes.some(({ op }) => op === 'If')) return graph
  const facts = new Facts({ ...graph, nodes: [] })
  const nodes: Node[] = []
  const initializers = new Map(graph.initializers)
  const visit = (node: Node): void => {
    const branch = node.op === 'If' ? takenBranch(node, facts) : undefined
    if (!branch) {
      nodes.push(node)
      facts.add(node)
      return
    }
    for (const [name, constant] of branch.initializers) {
      initializers.set(name, constant)
      facts.addConstant(name, constant)
    }
    for (const inner of branch.nodes) visit(inner)
    for (const [n, output] of node.outputs.entries()) {
      const name = `${node.name}/${output}`
      visit({
        op: 'Identity',
        domain: '',
        name,
        inputs: [branch.outputs[n]!.name],
        outputs: [output],
        attributes: {},
      })
    }
  }
  for (const node of graph.nodes) visit(node)
  return { ...graph, nodes, initializers }
}

function takenBranch(node: Node, facts: Facts) {
  const condition = facts.seen(node).values(0)
  const branch = node.attributes[condition?.[0] ? 'then_branch' : 'else_branch']
  return condition && branch?.type === 'graph' ? branch.value : undefined
}
