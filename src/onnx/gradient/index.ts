import { GraphBuilder } from '../builder.ts'
import { resolveBranches } from '../branches.ts'
import { bindShapes, extractSubgraph } from '../edit.ts'
import { GraphError } from '../error.ts'
import { describe, type Graph, type Node } from '../graph.ts'
import { countOf, isFloat, tensor } from '../tensor.ts'
import { arrangement } from './arrangement.ts'
import { convolution } from './convolution.ts'
import { same } from './emit.ts'
import { linearAlgebra } from './linear-algebra.ts'
import { noGradient } from './none.ts'
import { normalization } from './normalization.ts'
import { pointwise } from './pointwise.ts'
import { pooling } from './pooling.ts'
import { reductions } from './reduction.ts'
import type { RuleTable, Step } from './rule.ts'

const rules: RuleTable = {
  ...pointwise,
  ...convolution,
  ...pooling,
  ...linearAlgebra,
  ...reductions,
  ...normalization,
  ...arrangement,
}

export interface GradientOptions {
  /** What is differentiated: one tensor, or several whose gradients are added. */
  readonly of: string | readonly string[]
  /** Inputs, inner tensors or weights. */
  readonly withRespectTo: string | readonly string[]
  /** Tensors that count as constants: no gradient passes through them. */
  readonly constant?: readonly string[]
  /** Tensors of the forward pass that become outputs, too. */
  readonly keep?: readonly string[]
  /** Shapes for inputs that are dynamic, or that should have another size. */
  readonly shapes?: Readonly<Record<string, readonly number[]>>
}

/** From here on ReduceSum, Squeeze, Unsqueeze and Split take their axes as an input, and Softmax is over one axis. */
const oldestOpset = 13

/**
 * Reverse-mode differentiation: a graph with the forward and the backward pass of `graph`. For each tensor `t` of
 * `withRespectTo` it has an output `d_t` of the same shape, followed by the outputs of `keep`. If a tensor `y` of `of` has
 * one element, that is differentiated; for any other `y` the graph gets an additional input `d_y` of the shape of `y`
 * (the vector of a vector-Jacobian product), so that `d_t` is the gradient of sum(d_y * y) towards `t`. Only standard
 * operators of the graph's own operator set are emitted; all shapes are fixed.
 *
 * @throws GraphError for an operator without a rule, a target that `of` does not depend on, a dynamic shape
 */
export function gradient(graph: Graph, options: GradientOptions): Graph {
  const { keep = [], shapes = {}, constant = [] } = options
  const [of, targets] = [[options.of].flat(), [options.withRespectTo].flat()]
  const wanted = { outputs: [...of, ...targets, ...keep] }
  // Shapes are bound after extracting: a part that is not needed may have a fixed size.
  const forward = extractSubgraph(resolveBranches(bindShapes(extractSubgraph(graph, wanted), shapes)), wanted)
  const g = new GraphBuilder(forward)
  if (g.opset < oldestOpset) {
    throw new GraphError(`the graph is of operator set ${g.opset}; gradients need ${oldestOpset} or newer`)
  }
  for (const name of [...of, ...targets]) requireFloat(g, name)
  const path = pathOf(forward, g, { of, targets, constant })
  const gradients = new Gradients(g)
  for (const name of of) gradients.add(name, seed(g, name))
  for (const node of path.nodes.toReversed()) goBack(g, node, gradients, path.tensors)
  for (const target of targets) {
    const dx = gradients.of(target)
    if (dx === undefined) throw disconnected(target, of, path.blocked)
    g.ops('Identity', [dx], {}, [`d_${target}`])
  }
  return g.build([...targets.map((target) => `d_${target}`), ...keep])
}

function requireFloat(g: GraphBuilder, name: string): void {
  const { type } = g.fact(name)
  if (!isFloat(type)) {
    throw new GraphError(
      `"${name}" is of type ${type}, which has no gradient: take a tensor of floats next to it`,
    )
  }
}

/** Where the backward pass starts: 1 for a single number, an input for anything else. */
function seed(g: GraphBuilder, name: string): string {
  const { type, shape } = g.fact(name)
  return countOf(shape) === 1 ? g.constant(tensor(type, shape, [1])) : g.input(`d_${name}`, type, shape)
}

interface Ends {
  readonly of: readonly string[]
  readonly targets: readonly string[]
  readonly constant: readonly string[]
}

interface Path {
  /** Nodes between the two ends, in the order of the graph. */
  readonly nodes: readonly Node[]
  /** Tensors that depend on a target differentiably. */
  readonly tensors: ReadonlySet<string>
  /** Where paths were cut off, and why. */
  readonly blocked: readonly string[]
}

function pathOf(forward: Graph, g: GraphBuilder, { of, targets, constant }: Ends): Path {
  const tensors = new Set(targets)
  const blocked: string[] = []
  const nodes = extractSubgraph(forward, { outputs: of }).nodes.filter((node) => {
    if (!node.inputs.some((input) => tensors.has(input))) return false
    const smooth = node.outputs.filter((output) => output && isSmooth(g, output))
    const reason = blockOf(node, constant) ?? (smooth.length ? undefined : 'its result is a whole number')
    if (reason === undefined) for (const output of smooth) tensors.add(output)
    else blocked.push(`${describe(node)}, because ${reason}`)
    return reason === undefined
  })
  return { nodes, tensors, blocked }
}

/** Whether a tensor is of floats. The result of an unknown operator may be. */
const isSmooth = (g: GraphBuilder, name: string): boolean => isFloat(g.find(name)?.type ?? 'float32')

/** Why a node passes no gradient on; undefined if it does. */
function blockOf(node: Node, constant: readonly string[]): string | undefined {
  if (node.outputs.some((output) => constant.includes(output))) return 'its result counts as constant'
  return node.domain === '' ? noGradient[node.op] : undefined
}

/** The gradients that have arrived at each tensor so far. */
class Gradients {
  readonly #parts = new Map<string, string[]>()
  readonly #g: GraphBuilder

  constructor(g: GraphBuilder) {
    this.#g = g
  }

  add(name: string, dx: string): void {
    this.#parts.set(name, [...(this.#parts.get(name) ?? []), dx])
  }

  /** Their sum; undefined if there are none. Called after all nodes that use the tensor have been visited. */
  of(name: string): string | undefined {
    const parts = this.#parts.get(name)
    if (!parts) return undefined
    const sum = parts.reduce((a, b) => this.#g.op('Add', [a, b]))
    this.#parts.set(name, [sum])
    return sum
  }
}

function goBack(g: GraphBuilder, node: Node, gradients: Gradients, wanted: ReadonlySet<string>): void {
  const dys = node.outputs.map((output) => gradients.of(output))
  if (dys.every((dy) => dy === undefined)) return
  const rule = node.domain === '' ? rules[node.op] : undefined
  if (!rule) throw new GraphError(`there is no gradient rule for ${describe(node)}`)
  if (node.op !== 'Split' && dys.slice(1).some((dy) => dy !== undefined)) {
    throw new GraphError(`a gradient arrives at an output of ${describe(node)} that its rule does not cover`)
  }
  const step: Step = { g, node, x: node.inputs, y: node.outputs[0]!, dy: dys[0] ?? '', dys }
  const ways = rule(step)
  for (const [n, input] of node.inputs.entries()) {
    const way = wanted.has(input) ? ways[n] : undefined
    if (!way) continue
    const dx = way()
    requireAlike(g, dx, input, node)
    gradients.add(input, dx)
  }
}

/** Checks the result of every rule. */
function requireAlike(g: GraphBuilder, dx: string, input: string, node: Node): void {
  const [is, should] = [g.fact(dx), g.fact(input)]
  if (is.type !== should.type || !same(is.shape, should.shape)) {
    throw new GraphError(
      `the rule of ${describe(node)} gives ${is.type} [${is.shape.join(', ')}] for its input "${input}", ` +
        `which is ${should.type} [${should.shape.join(', ')}]`,
    )
  }
}

function disconnected(target: string, of: readonly string[], blocked: readonly string[]): GraphError {
  const from = of.map((name) => `"${name}"`).join(', ')
  return new GraphError(
    blocked[0]
      ? `no gradient flows from ${from} to "${target}": the path ends at ${blocked[0]}`
      : `${from} does not depend on "${target}": no path of nodes leads there`,
  )
}
