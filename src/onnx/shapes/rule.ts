import { GraphError } from '../error.ts'
import { describe, intsOf, type Node } from '../graph.ts'
import type { ElementType, Shape } from '../tensor.ts'

/** What is known about a tensor: type and shape, or nothing at all. */
export interface Fact {
  readonly type: ElementType
  readonly shape: Shape
}

/** A node whose inputs' facts are all known. */
export interface Seen {
  readonly node: Node
  /** Facts of the inputs; undefined for one that is left out. */
  readonly facts: readonly (Fact | undefined)[]
  /** The elements of a constant input; undefined if it is left out or not constant. */
  values(input: number): number[] | undefined
}

/** Infers the facts of a node's outputs from those of its inputs; undefined if they depend on more than that. */
export type ShapeRule = (seen: Seen) => Fact[] | undefined

export function factOf({ node, facts }: Seen, input = 0): Fact {
  const fact = facts[input]
  if (!fact) throw new GraphError(`${describe(node)} lacks its input ${input}`)
  return fact
}

export const has = ({ node }: Seen, input: number): boolean => Boolean(node.inputs[input])

/** The axis counted from the front; a negative one counts from the end. */
export function axisOf(axis: number, rank: number, node: Node): number {
  const counted = axis < 0 ? axis + rank : axis
  if (counted < 0 || counted >= rank)
    throw new GraphError(`axis ${axis} of ${describe(node)} is not one of its ${rank} axes`)
  return counted
}

/**
 * The axes of a node that takes them as an attribute in older operator sets and as an input in newer ones. Undefined if
 * neither is given; 'unknown' if the input is not constant.
 */
export function axesOf(seen: Seen, input: number): readonly number[] | 'unknown' | undefined {
  if (has(seen, input)) return seen.values(input) ?? 'unknown'
  return intsOf(seen.node, 'axes')
}

/** Broadcasting: sizes are aligned at the last axis, and a size of 1 stretches. */
export function broadcast(shapes: readonly Shape[], node: Node): Shape {
  const rank = Math.max(...shapes.map((shape) => shape.length))
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1)
    const size = sizes.find((one) => one !== 1) ?? 1
    if (sizes.some((one) => one !== 1 && one !== size)) {
      throw new GraphError(
        `the shapes ${shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ')} cannot be broadcast in ${describe(node)}`,
      )
    }
    return size
  })
}
