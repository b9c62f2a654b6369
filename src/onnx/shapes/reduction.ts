import { intOf } from '../graph.ts'
import { axesOf, axisOf, factOf, type ShapeRule } from './rule.ts'

const reduce: ShapeRule = (seen) => {
  const { type, shape } = factOf(seen)
  const given = axesOf(seen, 1)
  if (given === 'unknown') return undefined
  if (!given?.length && intOf(seen.node, 'noop_with_empty_axes', 0)) return [{ type, shape }]
  const axes = given?.length ? given.map((axis) => axisOf(axis, shape.length, seen.node)) : [...shape.keys()]
  return [{ type, shape: without(shape, axes, intOf(seen.node, 'keepdims', 1) === 1) }]
}

const index: ShapeRule = (seen) => {
  const { shape } = factOf(seen)
  const axis = axisOf(intOf(seen.node, 'axis', 0), shape.length, seen.node)
  return [{ type: 'int64', shape: without(shape, [axis], intOf(seen.node, 'keepdims', 1) === 1) }]
}

const without = (shape: readonly number[], axes: readonly number[], keep: boolean): number[] =>
  keep
    ? shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    : shape.filter((_, axis) => !axes.includes(axis))

const ops = ['Sum', 'Mean', 'L1', 'L2', 'SumSquare', 'Max', 'Min', 'Prod', 'LogSum', 'LogSumExp']

export const reductions: Record<string, ShapeRule> = {
  ...Object.fromEntries(ops.map((op) => [`Reduce${op}`, reduce])),
  ArgMax: index,
  ArgMin: index,
}
