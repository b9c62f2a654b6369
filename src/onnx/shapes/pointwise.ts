import { intOf } from '../graph.ts'
import { typeOfCode } from '../tensor.ts'
import { broadcast, factOf, type ShapeRule } from './rule.ts'

const same: ShapeRule = (seen) => [factOf(seen)]

const truth: ShapeRule = (seen) => [{ type: 'bool', shape: factOf(seen).shape }]

/** Broadcasts all inputs; the result has the type of input number `typed`. */
const joined =
  (typed: number): ShapeRule =>
  (seen) => [
    {
      type: factOf(seen, typed).type,
      shape: broadcast(
        seen.facts.map((_, input) => factOf(seen, input).shape),
        seen.node,
      ),
    },
  ]

const compared: ShapeRule = (seen) => joined(0)(seen)!.map(({ shape }) => ({ type: 'bool', shape }))

const named = (ops: string, rule: ShapeRule): Record<string, ShapeRule> =>
  Object.fromEntries(ops.split(' ').map((op) => [op, rule]))

/** The outputs are the normalised tensor, and mean and inverse standard deviation with the axes from `axis` on as 1. */
const layerNormalization: ShapeRule = (seen) => {
  const { type, shape } = factOf(seen)
  const axis = intOf(seen.node, 'axis', -1)
  const from = axis < 0 ? axis + shape.length : axis
  const statistics = { type, shape: shape.map((size, at) => (at < from ? size : 1)) }
  return [{ type, shape }, statistics, statistics]
}

export const pointwise: Record<string, ShapeRule> = {
  ...named('Relu Neg Exp Log Sqrt Abs Sign Reciprocal Floor Ceil Round', same),
  ...named('Sigmoid HardSigmoid Tanh Erf Softplus LeakyRelu Elu Gelu Clip', same),
  ...named('Identity Softmax LogSoftmax BatchNormalization Not', same),
  ...named('IsNaN IsInf', truth),
  ...named('Add Sub Mul Div Pow Mod Max Min Sum Mean And Or Xor', joined(0)),
  ...named('Equal Greater GreaterOrEqual Less LessOrEqual', compared),
  Where: joined(1),
  Cast: (seen) => [
    { type: typeOfCode(intOf(seen.node, 'to', 0), `"${seen.node.outputs[0]}"`), shape: factOf(seen).shape },
  ],
  LayerNormalization: layerNormalization,
}
