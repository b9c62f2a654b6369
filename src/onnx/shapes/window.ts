import { intOf, intsOf } from '../graph.ts'
import type { Shape } from '../tensor.ts'
import { windowOf } from '../window.ts'
import { factOf, type ShapeRule } from './rule.ts'

const spatial = (shape: Shape): Shape => shape.slice(2)

const pool: ShapeRule = (seen) => {
  const { type, shape } = factOf(seen)
  const pooled = [...shape.slice(0, 2), ...windowOf(seen.node, spatial(shape)).output]
  // MaxPool may also output where each maximum was.
  return [
    { type, shape: pooled },
    { type: 'int64', shape: pooled },
  ]
}

const globalPool: ShapeRule = (seen) => {
  const { type, shape } = factOf(seen)
  return [{ type, shape: shape.map((size, axis) => (axis < 2 ? size : 1)) }]
}

/** Transposed convolution with explicit pads, the only form that the gradient rules write. */
const convTranspose: ShapeRule = (seen) => {
  const { type, shape } = factOf(seen)
  const weights = factOf(seen, 1).shape
  const size = spatial(shape)
  const rank = size.length
  if (seen.node.attributes['output_shape'] || seen.node.attributes['auto_pad']) return undefined
  const strides = intsOf(seen.node, 'strides') ?? size.map(() => 1)
  const dilations = intsOf(seen.node, 'dilations') ?? size.map(() => 1)
  const more = intsOf(seen.node, 'output_padding') ?? size.map(() => 0)
  const pads = intsOf(seen.node, 'pads') ?? [...size, ...size].map(() => 0)
  const grown = size.map(
    (length, axis) =>
      (length - 1) * strides[axis]! +
      more[axis]! +
      (weights[axis + 2]! - 1) * dilations[axis]! +
      1 -
      pads[axis]! -
      pads[axis + rank]!,
  )
  return [{ type, shape: [shape[0]!, weights[1]! * intOf(seen.node, 'group', 1), ...grown] }]
}

export const windows: Record<string, ShapeRule> = {
  Conv: (seen) => {
    const { type, shape } = factOf(seen)
    const weights = factOf(seen, 1).shape
    const { output } = windowOf(seen.node, spatial(shape), spatial(weights))
    return [{ type, shape: [shape[0]!, weights[0]!, ...output] }]
  },
  ConvTranspose: convTranspose,
  AveragePool: pool,
  MaxPool: pool,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
}
