import { axesOf, axisOf } from '../shapes/rule.ts'
import { intOf } from '../graph.ts'
import { countOf } from '../tensor.ts'
import { type Arithmetic, arithmetic, expand, reshape } from './emit.ts'
import type { Rule, RuleTable, Step } from './rule.ts'

/** The shape of a reduction's output with its axes kept as 1, and how many elements went into each of its elements. */
function kept({ g, node, x }: Step): { shape: number[]; count: number } {
  const from = g.fact(x[0]!).shape
  const given = axesOf(g.seen(node), 1)
  const all = !given?.length && !intOf(node, 'noop_with_empty_axes', 0)
  const axes = Array.isArray(given) ? given.map((axis: number) => axisOf(axis, from.length, node)) : []
  const shape = from.map((size, axis) => (all || axes.includes(axis) ? 1 : size))
  return { shape, count: countOf(from) / countOf(shape) }
}

/** Hands `rule` dy with the reduced axes restored as 1, so that it broadcasts to the input. */
const reduction =
  (rule: (step: Step, dy: string, count: number, m: Arithmetic, shape: number[]) => string): Rule =>
  (step) => [
    () => {
      const { g, x, dy } = step
      const { shape, count } = kept(step)
      const from = g.fact(x[0]!)
      return expand(g, rule(step, reshape(g, dy, shape), count, arithmetic(g, from.type), shape), from.shape)
    },
  ]

export const reductions: RuleTable = {
  ReduceSum: reduction((_, dy) => dy),
  ReduceMean: reduction((_, dy, count, m) => m.mul(dy, 1 / count)),
  // x / |x|; if all of x is 0, the norm has a kink, and 0 is as good a subgradient as any.
  ReduceL2: reduction(({ g, x, y }, dy, _, m, shape) => {
    const norm = reshape(g, y, shape)
    return m.mul(x[0]!, m.div(dy, m.where(m.equal(norm, 0), 1, norm)))
  }),
}
