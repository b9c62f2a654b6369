import { GraphError } from '../error.ts'
import { describe, intOf, intsOf, stringOf } from '../graph.ts'
import { mixOf, resizeOf } from '../resize.ts'
import { cutOf, padsOf } from '../shapes/arrangement.ts'
import { axisOf } from '../shapes/rule.ts'
import { countOf, tensor } from '../tensor.ts'
import { along, arithmetic, dilate, flip, place, reshape, slice, sumTo, transpose, zeros } from './emit.ts'
import type { Rule, RuleTable, Step } from './rule.ts'

/** Operators that only change the shape. */
const reshaped: Rule = ({ g, x, dy }) => [() => reshape(g, dy, g.fact(x[0]!).shape)]

const transposed: Rule = ({ g, node, x, dy }) => [
  () => {
    const { shape } = g.fact(x[0]!)
    const perm = intsOf(node, 'perm') ?? [...shape.keys()].reverse()
    return transpose(
      g,
      dy,
      [...perm.keys()].map((axis) => perm.indexOf(axis)),
    )
  },
]

/** Each input gets its slice of dy. */
const concat: Rule = ({ g, node, x, dy, y }) => {
  const { shape } = g.fact(y)
  const axis = axisOf(intOf(node, 'axis', 0), shape.length, node)
  let end = 0
  return x.map((input) => {
    const start = end
    end += g.fact(input).shape[axis]!
    const [from, to] = [start, end]
    return () =>
      slice(
        g,
        dy,
        shape.map((_, n) => (n === axis ? from : 0)),
        shape.with(axis, to),
      )
  })
}

const split: Rule = ({ g, node, x, dys }) => [
  () => {
    const { shape, type } = g.fact(x[0]!)
    const parts = dys.map((dy, n) => dy ?? zeros(g, type, g.fact(node.outputs[n]!).shape))
    return g.op('Concat', parts, {
      axis: { type: 'int', value: axisOf(intOf(node, 'axis', 0), shape.length, node) },
    })
  },
]

/** dy goes back to where the slice was taken from, among zeros. */
const sliced: Rule = ({ g, node, x, dy }) => [
  () => {
    const { shape } = g.fact(x[0]!)
    const { starts, steps, sizes } = constant(cutOf(g.seen(node)), node)
    const backwards = [...steps.keys()].filter((axis) => steps[axis]! < 0)
    const forward = flip(g, dy, backwards)
    const apart = steps.reduce((t, step, axis) => dilate(g, t, axis, Math.abs(step)), forward)
    const first = starts.map((start, axis) =>
      steps[axis]! < 0 ? start + steps[axis]! * (sizes[axis]! - 1) : start,
    )
    return place(g, apart, first, shape)
  },
]

/** The shape rules could infer the output's shape, so what the rule needs is constant. */
function constant<T>(value: T | undefined, node: Step['node']): T {
  if (value === undefined) throw new GraphError(`${describe(node)} takes something that is not constant`)
  return value
}

/** dy of each index goes to the row that it picked: a product with the one-hot matrix of the indices. */
const gather: Rule = ({ g, node, x, dy }) => [
  () => {
    const { shape, type } = g.fact(x[0]!)
    const axis = axisOf(intOf(node, 'axis', 0), shape.length, node)
    const count = countOf(g.fact(x[1]!).shape)
    const outer = shape.slice(0, axis)
    const inner = countOf(shape.slice(axis + 1))
    const onOff = g.constant(tensor(type, [2], [0, 1]))
    const rows = g.op('OneHot', [reshape(g, x[1]!, [count]), g.ints([shape[axis]!]), onOff], {
      axis: { type: 'int', value: 0 },
    })
    const flat = g.op('MatMul', [rows, reshape(g, dy, [...outer, count, inner])])
    return reshape(g, flat, shape)
  },
]

/** A constant border is cut off; in any other mode, each axis is multiplied with the transposed mixing matrix. */
const pad: Rule = (step) => {
  const { g, node, x, dy } = step
  const { shape, type } = g.fact(x[0]!)
  const { begins, ends } = constant(padsOf(g.seen(node)), node)
  const mode = stringOf(node, 'mode', 'constant')
  const border = begins.map((begin) => -begin)
  return [
    () => {
      if (mode === 'constant') return place(g, dy, border, shape)
      return shape.reduce((t, size, axis) => {
        if (!begins[axis] && !ends[axis]) return t
        const to = size + begins[axis]! + ends[axis]!
        const sources = Array.from({ length: to }, (_, n) => sourceOf(n - begins[axis]!, size, mode))
        return along(
          g,
          t,
          axis,
          size,
          turned(
            sources.flatMap((from) => oneHot(from, size)),
            to,
            size,
          ),
        )
      }, dy)
    },
    undefined,
    // The value of the border: the sum of dy outside the picture.
    () => {
      const m = arithmetic(g, type)
      const all = (t: string): string => sumTo(g, t, [])
      return m.sub(all(dy), all(place(g, dy, border, shape)))
    },
  ]
}

/** Which pixel a position outside the axis repeats. */
function sourceOf(at: number, size: number, mode: string): number {
  if (mode === 'edge') return Math.min(Math.max(at, 0), size - 1)
  if (mode === 'wrap') return ((at % size) + size) % size
  // Reflected at the first and last pixel, which are not repeated.
  const period = Math.max(2 * (size - 1), 1)
  const within = ((at % period) + period) % period
  return within < size ? within : period - within
}

const oneHot = (place: number, size: number): number[] =>
  Array.from({ length: size }, (_, n) => (n === place ? 1 : 0))

/** The transpose of a row-major matrix [rows, columns]. */
const turned = (matrix: ArrayLike<number>, rows: number, columns: number): number[] =>
  Array.from({ length: rows * columns }, (_, n) => matrix[(n % rows) * columns + Math.floor(n / rows)]!)

/** A Resize mixes the pixels of one axis after the other; the backward pass mixes with the transposed weights. */
const resize: Rule = ({ g, node, x, dy }) => [
  () => {
    const { shape } = g.fact(x[0]!)
    const { sizes, scales } = constant(resizeOf(g.seen(node)), node)
    return shape.reduce((t, from, axis) => {
      const to = sizes[axis]!
      if (from === to && scales[axis] === 1) return t
      return along(g, t, axis, from, turned(mixOf(node, from, to, scales[axis]!), to, from))
    }, dy)
  },
]

export const arrangement: RuleTable = {
  Reshape: reshaped,
  Flatten: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
  Transpose: transposed,
  Expand: ({ g, x, dy }) => [() => sumTo(g, dy, g.fact(x[0]!).shape)],
  Concat: concat,
  Split: split,
  Slice: sliced,
  Gather: gather,
  Pad: pad,
  Resize: resize,
}
