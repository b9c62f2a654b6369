import { float, int } from '../graph.ts'
import { codeOf, isFloat } from '../tensor.ts'
import { type Arithmetic, arithmetic, sumTo } from './emit.ts'
import type { Rule, RuleTable, Step } from './rule.ts'

/** The arithmetic of the node's own element type. */
const math = ({ g, y }: Step) => arithmetic(g, g.fact(y).type)

/** A function of one tensor, element by element. */
const unary =
  (rule: (step: Step, m: Arithmetic, x: string) => string): Rule =>
  (step) => [() => rule(step, math(step), step.x[0]!)]

/** A function of two tensors that broadcast to each other's shape. */
const binary =
  (
    toA: (step: Step, m: Arithmetic, a: string, b: string) => string,
    toB: (step: Step, m: Arithmetic, a: string, b: string) => string,
  ): Rule =>
  (step) => {
    const { g, x } = step
    const [a, b] = [x[0]!, x[1]!]
    return [
      () => sumTo(g, toA(step, math(step), a, b), g.fact(a).shape),
      () => sumTo(g, toB(step, math(step), a, b), g.fact(b).shape),
    ]
  }

/** In a^b, b may have another type than a. */
const pow = binary(
  // a^0 is constant, even at a = 0, where a^(0-1) is undefined.
  (step, m, a, b) => {
    const exponent = cast(step, b)
    const constant = m.equal(exponent, 0)
    return m.mul(step.dy, m.mul(exponent, m.pow(a, m.where(constant, 1, m.sub(exponent, 1)))))
  },
  // Towards the exponent: a^b log a, which is 0 at a = 0.
  ({ dy, y }, m, a) => m.mul(dy, m.mul(y, m.log(m.where(m.greater(a, 0), a, 1)))),
)

function cast({ g, y }: Step, x: string): string {
  const { type } = g.fact(y)
  return g.fact(x).type === type ? x : g.op('Cast', [x], { to: int(codeOf(type)) })
}

/**
 * dy where the output is above 0. The mask comes from the output, so that a runtime can fuse the Relu into the node before
 * it. It is a HardSigmoid so steep that it is 1 for any positive float32: ONNX Runtime keeps its blocked layout through
 * that and Mul, while Greater and Where would reorder every tensor (a tenth of a ResNet's time). Other float types don't
 * have that range, or no HardSigmoid.
 */
function relu({ g, dy, y }: Step, m: Arithmetic): string {
  if (g.fact(y).type !== 'float32') return m.where(m.greater(y, 0), dy, 0)
  return m.mul(dy, g.op('HardSigmoid', [y], { alpha: float(1e38), beta: float(0) }))
}

/** A clipped element depends only on its bound; exactly at the bound, on the tensor. */
const clip: Rule = (step) => {
  const { g, x, dy } = step
  const [input, low, high] = [x[0]!, x[1], x[2]]
  const m = math(step)
  const below = () => m.less(input, low!)
  const above = () => m.greater(input, high!)
  return [
    () => {
      const inner = low ? m.where(below(), 0, dy) : dy
      return high ? m.where(above(), 0, inner) : inner
    },
    () => sumTo(g, m.where(below(), dy, 0), []),
    () => sumTo(g, m.where(above(), dy, 0), []),
  ]
}

const where: Rule = (step) => {
  const { g, x, dy } = step
  const [condition, a, b] = [x[0]!, x[1]!, x[2]!]
  return [
    undefined,
    () => sumTo(g, math(step).where(condition, dy, 0), g.fact(a).shape),
    () => sumTo(g, math(step).where(condition, 0, dy), g.fact(b).shape),
  ]
}

export const pointwise: RuleTable = {
  Identity: ({ dy }) => [() => dy],
  Cast: ({ g, x, dy }) => {
    const { type } = g.fact(x[0]!)
    return [isFloat(type) ? () => g.op('Cast', [dy], { to: int(codeOf(type)) }) : undefined]
  },

  Relu: unary(relu),
  Neg: unary(({ dy }, m) => m.neg(dy)),
  Exp: unary(({ dy, y }, m) => m.mul(dy, y)),
  Log: unary(({ dy }, m, x) => m.div(dy, x)),
  Sqrt: unary(({ dy, y }, m) => m.div(m.mul(dy, 0.5), y)),
  Abs: unary(({ g, dy }, m, x) => m.mul(dy, g.op('Sign', [x]))),
  Reciprocal: unary(({ dy, y }, m) => m.neg(m.mul(dy, m.mul(y, y)))),
  Sigmoid: unary(({ dy, y }, m) => m.mul(dy, m.mul(y, m.sub(1, y)))),
  Tanh: unary(({ dy, y }, m) => m.mul(dy, m.sub(1, m.mul(y, y)))),
  // 2/sqrt(pi) e^(-x^2)
  Erf: unary(({ dy }, m, x) => m.mul(dy, m.mul(2 / Math.sqrt(Math.PI), m.exp(m.neg(m.mul(x, x)))))),
  Clip: clip,
  Where: where,

  Add: binary(
    ({ dy }) => dy,
    ({ dy }) => dy,
  ),
  Sub: binary(
    ({ dy }) => dy,
    ({ dy }, m) => m.neg(dy),
  ),
  Mul: binary(
    ({ dy }, m, _, b) => m.mul(dy, b),
    ({ dy }, m, a) => m.mul(dy, a),
  ),
  Div: binary(
    ({ dy }, m, _, b) => m.div(dy, b),
    ({ dy, y }, m, _, b) => m.neg(m.div(m.mul(dy, y), b)),
  ),
  Pow: pow,
}
