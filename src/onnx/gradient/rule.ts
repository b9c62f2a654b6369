import type { GraphBuilder } from '../builder.ts'
import type { Node } from '../graph.ts'

/** A node in the backward pass, with the gradient that has arrived at it. */
export interface Step {
  readonly g: GraphBuilder
  readonly node: Node
  /** The node's inputs. */
  readonly x: readonly string[]
  /** The node's first output. */
  readonly y: string
  /** The gradient of the first output. */
  readonly dy: string
  /** The gradients of all outputs; undefined for one that nothing depends on. */
  readonly dys: readonly (string | undefined)[]
}

/**
 * For each of the node's inputs, in order, a function that emits the nodes of its gradient, called only if that is needed;
 * undefined for an input that has none (a shape, an index).
 */
export type Rule = (step: Step) => readonly ((() => string) | undefined)[]

export type RuleTable = Readonly<Record<string, Rule>>
