import {
  type Attribute,
  type ElementType,
  emptyGraph,
  gradient,
  type Graph,
  GraphBuilder,
  tensor,
} from '../../../src/onnx/index.ts'
import { normals } from '../clip-resnet.ts'
import { type Feeds, open } from '../run.ts'

/** An input of the op under test: floats that are differentiated, or a constant that is not. */
export type Input =
  | { readonly floats: readonly number[]; readonly values: (random: () => number, n: number) => number }
  | { readonly constant: readonly number[]; readonly shape: readonly number[]; readonly type: ElementType }
  | undefined

/** Inputs of each kind; a shape is given for floats. */
export const floats = (...shape: number[]): Input => ({ floats: shape, values: (random) => random() })
export const positive = (...shape: number[]): Input => ({
  floats: shape,
  values: (random) => 0.5 + Math.abs(random()),
})
/** On both sides of `places`, none nearer than 0.3 to any of them: steps of 0.1 do not cross a kink there. */
export const awayFrom = (places: readonly number[], ...shape: number[]): Input => ({
  floats: shape,
  values: (random) => {
    let value = random()
    while (places.some((place) => Math.abs(value - place) < 0.3)) value = random()
    return value
  },
})
/** No two nearer than 0.3 to each other, in random order. */
export const distinct = (...shape: number[]): Input => ({
  floats: shape,
  values: (_, n) => ((n * 37) % 101) * 0.3 - 15,
})
export const whole = (...values: number[]): Input => ({
  constant: values,
  shape: [values.length],
  type: 'int64',
})
export const constant = (type: ElementType, shape: number[], ...values: number[]): Input => ({
  constant: values,
  shape,
  type,
})

/** One line of a table: an op with inputs of some shapes and some attributes. */
export interface Row {
  readonly op: string
  /** What is special about this line. */
  readonly what?: string
  readonly inputs: readonly Input[]
  readonly attributes?: Readonly<Record<string, Attribute>>
  readonly outputs?: number
  readonly opsets?: readonly number[]
  readonly type?: 'float32' | 'float64'
}

const titleOf = ({ op, what, inputs, type = 'float32' }: Row): string => {
  const shapes = inputs.flatMap((input) => (input && 'floats' in input ? [`[${input.floats.join()}]`] : []))
  return `${op} of ${type} ${shapes.join(' and ')}${what ? `: ${what}` : ''}`
}

/** Every line, at every operator set that it is meant for. */
export const casesOf = (rows: readonly Row[]): [string, Row, number][] =>
  rows.flatMap((row) =>
    (row.opsets ?? [13, 17, 19, 23]).map((opset): [string, Row, number] => [
      `${titleOf(row)}, opset ${opset}`,
      row,
      opset,
    ]),
  )

/** What the rounding of the type allows, as a part of the gradient's length. */
export const allowed = ({ type }: Row): number => (type === 'float64' ? 1e-6 : 1e-3)

/** The largest difference in a row's gradients with respect to its floats. */
export async function differenceOfRow(
  { op, inputs, attributes, outputs = 1, type = 'float32' }: Row,
  opset: number,
): Promise<number> {
  const g = new GraphBuilder(emptyGraph(opset))
  const random = normals(inputs.length + opset)
  const feeds: Feeds = {}
  const names = inputs.map((input, n) => {
    if (!input) return ''
    if ('constant' in input) return g.constant(tensor(input.type, input.shape, input.constant))
    const name = g.input(`x${n}`, type, input.floats)
    const values = Array.from({ length: countOf(input.floats) }, (_, at) => input.values(random, at))
    feeds[name] = { type, shape: input.floats, values }
    return name
  })
  const of = Array.from({ length: outputs }, (_, n) => `y${n}`)
  g.ops(op, names, attributes ?? {}, of)
  return difference(g.build(of), of, Object.keys(feeds), feeds, type === 'float64' ? 0.005 : 0.05)
}

/**
 * Compares gradients with central differences of the fourth order along random directions.
 *
 * @param step how far to go along a direction; its elements are at most 1
 * @returns the largest difference, as a part of the gradient's length; infinite if a gradient is nothing
 */
async function difference(
  graph: Graph,
  of: readonly string[],
  targets: readonly string[],
  feeds: Feeds,
  step: number,
): Promise<number> {
  const random = normals(7)
  const both = gradient(graph, { of, withRespectTo: targets })
  const upstream: Feeds = {}
  for (const { name, type, shape } of both.inputs.filter(({ name }) => !(name in feeds))) {
    const sizes = shape as number[]
    upstream[name] = { type: type!, shape: sizes, values: Array.from({ length: countOf(sizes) }, random) }
  }
  const gradients = await (await open(both))({ ...feeds, ...upstream })
  const run = await open(graph)
  /** The number whose gradient is taken: the outputs' elements, each with its weight. */
  const value = async (moved: Feeds): Promise<number> => {
    const results = await run(moved)
    return of.reduce((sum, name) => sum + dot(results[name]!, upstream[`d_${name}`]?.values ?? [1]), 0)
  }
  let largest = 0
  for (const target of targets) {
    const dx = gradients[`d_${target}`]!
    const x = feeds[target]!
    const length = Math.sqrt(dot(dx, dx))
    if (dx.length !== x.values.length || !(length > 0)) return Infinity
    for (let repeat = 0; repeat < 2; repeat++) {
      const direction = x.values.map(() => Math.max(-1, Math.min(1, random())))
      const at = (size: number): Promise<number> =>
        value({ ...feeds, [target]: { ...x, values: x.values.map((v, n) => v + size * direction[n]!) } })
      const slope =
        (8 * ((await at(step)) - (await at(-step))) - ((await at(2 * step)) - (await at(-2 * step)))) /
        (12 * step)
      largest = Math.max(largest, Math.abs(dot(dx, direction) - slope) / length)
    }
  }
  return largest
}

const countOf = (shape: readonly number[]): number => shape.reduce((all, size) => all * size, 1)

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, n) => sum + value * b[n]!, 0)
}
