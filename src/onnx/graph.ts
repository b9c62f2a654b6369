import { GraphError } from './error.ts'
import type { FunctionProto } from './schema.ts'
import type { ElementType, Tensor } from './tensor.ts'

/** A size, or the name of a dynamic one (the batch, mostly). */
type Dim = number | string

/** What the file says about a tensor: its type and shape, if it does. */
export interface Value {
  readonly name: string
  readonly type?: ElementType
  readonly shape?: readonly Dim[]
}

export type Attribute =
  | { readonly type: 'int' | 'float'; readonly value: number }
  | { readonly type: 'ints' | 'floats'; readonly value: readonly number[] }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'tensor'; readonly value: Tensor }
  | { readonly type: 'graph'; readonly value: Body }

export type Attributes = Readonly<Record<string, Attribute>>

export const int = (value: number): Attribute => ({ type: 'int', value })
export const ints = (value: readonly number[]): Attribute => ({ type: 'ints', value })
export const float = (value: number): Attribute => ({ type: 'float', value })
export const string = (value: string): Attribute => ({ type: 'string', value })

/** `op` of `domain` ('' is ONNX's own), applied to tensors by name; '' means an optional one that is left out. */
export interface Node {
  readonly op: string
  readonly domain: string
  readonly name: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Attributes
}

/** Nodes in topological order: a whole graph, or a branch inside a node. */
export interface Body {
  readonly name: string
  readonly inputs: readonly Value[]
  readonly outputs: readonly Value[]
  readonly nodes: readonly Node[]
  readonly initializers: ReadonlyMap<string, Tensor>
  /** What the file says about inner tensors; believed only for operators whose shapes we cannot infer. */
  readonly values: ReadonlyMap<string, Value>
}

/**
 * A computation. Immutable: functions that edit a graph return another one that shares its tensors.
 */
export interface Graph extends Body {
  readonly irVersion: number
  /** Version of each operator set by domain; '' is ONNX's own. */
  readonly opsets: Readonly<Record<string, number>>
  readonly functions: readonly FunctionProto[]
  readonly metadata: Readonly<Record<string, string>>
}

/** The version of ONNX's own operator set. */
export const opsetOf = (graph: Graph): number => graph.opsets[''] ?? 1

/** A node, for error messages. */
export const describe = ({ op, domain, name, outputs }: Node): string =>
  `op "${domain ? `${domain}.` : ''}${op}" (node "${name}", output "${outputs[0] ?? ''}")`

export function intOf(node: Node, name: string, otherwise: number): number {
  return attributeOf(node, name, 'int') ?? otherwise
}

export function floatOf(node: Node, name: string, otherwise: number): number {
  return attributeOf(node, name, 'float') ?? otherwise
}

export function intsOf(node: Node, name: string): readonly number[] | undefined {
  return attributeOf(node, name, 'ints')
}

export function stringOf(node: Node, name: string, otherwise: string): string {
  return attributeOf(node, name, 'string') ?? otherwise
}

function attributeOf<T extends Attribute['type']>(
  node: Node,
  name: string,
  type: T,
): Extract<Attribute, { type: T }>['value'] | undefined
function attributeOf(node: Node, name: string, type: string): unknown {
  const attribute = node.attributes[name]
  if (attribute && attribute.type !== type) {
    throw new GraphError(`attribute "${name}" of ${describe(node)} is of type ${attribute.type}, not ${type}`)
  }
  return attribute?.value
}
