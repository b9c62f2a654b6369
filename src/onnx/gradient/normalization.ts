import { GraphError } from '../error.ts'
import { describe, floatOf, intOf } from '../graph.ts'
import { axisOf } from '../shapes/rule.ts'
import { arithmetic, reduceMean, reduceSum, reshape, sumTo } from './emit.ts'
import type { Rule, RuleTable } from './rule.ts'

/** dx = y (dy - sum(y dy)) */
const softmax: Rule = ({ g, node, y, dy }) => [
  () => {
    const { shape, type } = g.fact(y)
    const m = arithmetic(g, type)
    const axis = axisOf(intOf(node, 'axis', -1), shape.length, node)
    return m.mul(y, m.sub(dy, reduceSum(g, m.mul(y, dy), [axis])))
  },
]

/**
 * With n = (x - mean) / sd and dn = dy scale: dx = (dn - mean(dn) - n mean(n dn)) / sd. Mean and standard deviation are
 * over the axes from `axis` on.
 */
const layerNormalization: Rule = ({ g, node, x, dy }) => {
  const { shape, type } = g.fact(x[0]!)
  const m = arithmetic(g, type)
  const from = axisOf(intOf(node, 'axis', -1), shape.length, node)
  const axes = [...shape.keys()].slice(from)
  const mean = (t: string): string => reduceMean(g, t, axes)
  const normalised = () => {
    const centred = m.sub(x[0]!, mean(x[0]!))
    const deviation = m.sqrt(m.add(mean(m.mul(centred, centred)), floatOf(node, 'epsilon', 1e-5)))
    return { n: m.div(centred, deviation), deviation }
  }
  return [
    () => {
      const { n, deviation } = normalised()
      const dn = m.mul(dy, x[1]!)
      return m.div(m.sub(m.sub(dn, mean(dn)), m.mul(n, mean(m.mul(n, dn)))), deviation)
    },
    () => sumTo(g, m.mul(dy, normalised().n), g.fact(x[1]!).shape),
    () => sumTo(g, dy, g.fact(x[2]!).shape),
  ]
}

/** y = scale (x - mean) / sqrt(variance + epsilon) + bias for each channel, with given statistics. */
const batchNormalization: Rule = ({ g, node, x, dy }) => {
  if (intOf(node, 'training_mode', 0)) {
    throw new GraphError(`${describe(node)} is in training mode: its gradient is written for inference only`)
  }
  const { shape, type } = g.fact(x[0]!)
  const m = arithmetic(g, type)
  const [input, scale, , mean, variance] = x
  const perChannel = (t: string): string => reshape(g, t, [shape[1]!, ...shape.slice(2).map(() => 1)])
  const sum = (t: string): string => {
    const axes = [...shape.keys()].filter((axis) => axis !== 1)
    return reshape(g, reduceSum(g, t, axes), [shape[1]!])
  }
  const deviation = (): string => m.sqrt(m.add(variance!, floatOf(node, 'epsilon', 1e-5)))
  const gain = (): string => m.div(scale!, deviation())
  const scatter = (): string => sum(m.mul(dy, m.sub(input!, perChannel(mean!))))
  return [
    () => m.mul(dy, perChannel(gain())),
    () => m.div(scatter(), deviation()),
    () => sum(dy),
    () => m.neg(m.mul(gain(), sum(dy))),
    () => {
      const spread = m.add(variance!, floatOf(node, 'epsilon', 1e-5))
      return m.mul(-0.5, m.div(m.mul(gain(), scatter()), spread))
    },
  ]
}

export const normalization: RuleTable = {
  Softmax: softmax,
  LayerNormalization: layerNormalization,
  BatchNormalization: batchNormalization,
}
