import type { GraphBuilder } from '../builder.ts'
import type { Node } from '../graph.ts'

/** A node on the way back, with the gradient that has come down to it. */
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
 * Writes the nodes that turn `dy` into the gradient of each input, in the order of the node's inputs. Each is
 * written only when it is called for; undefined stands for an input that has none (a shape, an index).
 */
export type Rule = (step: Step) => readonly ((() => string) | undefined)[]

export type RuleTable = Readonly<Record<string, Rule>>
