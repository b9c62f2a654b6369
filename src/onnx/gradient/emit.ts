/** What several rules emit: un-broadcasting, sums over axes, slicing and padding, arithmetic. */
import type { GraphBuilder } from '../builder.ts'
import { int, ints } from '../graph.ts'
import { countOf, type ElementType, type Shape, tensor } from '../tensor.ts'

export type Term = string | number

/** Arithmetic on tensors and numbers of one element type. */
export function arithmetic(g: GraphBuilder, type: ElementType) {
  const name = (term: Term): string => (typeof term === 'number' ? g.scalar(term, type) : term)
  const binary =
    (op: string) =>
    (a: Term, b: Term): string =>
      g.op(op, [name(a), name(b)])
  const unary =
    (op: string) =>
    (a: Term): string =>
      g.op(op, [name(a)])
  return {
    add: binary('Add'),
    sub: binary('Sub'),
    mul: binary('Mul'),
    div: binary('Div'),
    pow: binary('Pow'),
    equal: binary('Equal'),
    less: binary('Less'),
    greater: binary('Greater'),
    neg: unary('Neg'),
    exp: unary('Exp'),
    log: unary('Log'),
    sqrt: unary('Sqrt'),
    where: (condition: string, a: Term, b: Term): string => g.op('Where', [condition, name(a), name(b)]),
  }
}

export type Arithmetic = ReturnType<typeof arithmetic>

/** Undoes broadcasting: sums over the axes along which a tensor of `shape` was stretched. */
export function sumTo(g: GraphBuilder, dx: string, shape: Shape): string {
  const from = g.fact(dx).shape
  const added = from.length - shape.length
  const stretched = from.flatMap((size, axis) => (axis < added || shape[axis - added] !== size ? [axis] : []))
  return reshape(g, stretched.length ? reduceSum(g, dx, stretched) : dx, shape)
}

export const reduceSum = (g: GraphBuilder, x: string, axes: readonly number[]): string =>
  g.op('ReduceSum', [x, g.ints(axes)], { keepdims: int(1) })

/** ReduceMean takes its axes as an input from operator set 18 on. */
export const reduceMean = (g: GraphBuilder, x: string, axes: readonly number[]): string =>
  g.opset < 18
    ? g.op('ReduceMean', [x], { axes: ints(axes), keepdims: int(1) })
    : g.op('ReduceMean', [x, g.ints(axes)], { keepdims: int(1) })

export const reshape = (g: GraphBuilder, x: string, shape: Shape): string =>
  same(g.fact(x).shape, shape) ? x : g.op('Reshape', [x, g.ints(shape)])

export const transpose = (g: GraphBuilder, x: string, perm: readonly number[]): string =>
  perm.every((from, to) => from === to) ? x : g.op('Transpose', [x], { perm: ints(perm) })

export const expand = (g: GraphBuilder, x: string, shape: Shape): string =>
  same(g.fact(x).shape, shape) ? x : g.op('Expand', [x, g.ints(shape)])

export const zeros = (g: GraphBuilder, type: ElementType, shape: Shape): string =>
  expand(g, g.scalar(0, type), shape)

/** The positions `starts`, `starts + steps`, ... of each axis, up to but not including `ends`. */
export function slice(
  g: GraphBuilder,
  x: string,
  starts: Shape,
  ends: Shape,
  steps = starts.map(() => 1),
): string {
  const from = g.fact(x).shape
  const axes = [...from.keys()].filter(
    (axis) => starts[axis] !== 0 || ends[axis] !== from[axis] || steps[axis] !== 1,
  )
  if (axes.length === 0) return x
  const [begin, end, step] = [starts, ends, steps].map((all) => axes.map((axis) => all[axis]!))
  return g.op('Slice', [x, g.ints(begin!), g.ints(end!), g.ints(axes), g.ints(step!)])
}

/** Reverses the given axes. */
export function flip(g: GraphBuilder, x: string, axes: readonly number[]): string {
  const from = g.fact(x).shape
  const turned = from.map((size, axis) => axes.includes(axis) && size > 1)
  return slice(
    g,
    x,
    from.map((_, axis) => (turned[axis] ? -1 : 0)),
    from.map((size, axis) => (turned[axis] ? -size - 1 : size)),
    from.map((_, axis) => (turned[axis] ? -1 : 1)),
  )
}

/** Places `x` at `begins` in zeros of the given shape; what falls outside is cut off. */
export function place(g: GraphBuilder, x: string, begins: Shape, shape: Shape): string {
  const from = g.fact(x).shape
  const cut = slice(
    g,
    x,
    begins.map((begin) => Math.max(-begin, 0)),
    from.map((size, axis) => Math.min(size, shape[axis]! - begins[axis]!)),
  )
  const before = begins.map((begin) => Math.max(begin, 0))
  const behind = g.fact(cut).shape.map((size, axis) => shape[axis]! - before[axis]! - size)
  const pads = [...before, ...behind]
  return pads.every((pad) => pad === 0) ? cut : g.op('Pad', [cut, g.ints(pads)])
}

/** Inserts `step - 1` zeros after each position of an axis. */
export function dilate(g: GraphBuilder, x: string, axis: number, step: number): string {
  const from = g.fact(x).shape
  if (step === 1) return x
  const column = from.toSpliced(axis + 1, 0, 1)
  const padded = column.with(axis + 1, step)
  return reshape(
    g,
    place(
      g,
      reshape(g, x, column),
      column.map(() => 0),
      padded,
    ),
    from.with(axis, from[axis]! * step),
  )
}

/** Multiplies a row-major matrix [to, from] along one axis. */
export function along(
  g: GraphBuilder,
  x: string,
  axis: number,
  to: number,
  matrix: ArrayLike<number>,
): string {
  const { shape, type } = g.fact(x)
  const from = shape[axis]!
  const inner = shape.slice(axis + 1)
  const result = shape.with(axis, to)
  if (countOf(inner) === 1) {
    const turned = Float64Array.from(
      { length: to * from },
      (_, n) => matrix[(n % to) * from + Math.floor(n / to)]!,
    )
    const right = g.constant(tensor(type, [from, to], turned))
    return reshape(g, g.op('MatMul', [reshape(g, x, [...shape.slice(0, axis), from]), right]), result)
  }
  const left = g.constant(tensor(type, [to, from], Float64Array.from(matrix)))
  const flat = reshape(g, x, [...shape.slice(0, axis), from, countOf(inner)])
  return reshape(g, g.op('MatMul', [left, flat]), result)
}

export const same = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis])
