import { GraphError } from '../error.ts'
import { describe, int, intOf, ints, string } from '../graph.ts'
import { type ElementType, type Shape, tensor } from '../tensor.ts'
import { type Window, windowOf } from '../window.ts'
import { arithmetic, expand, place, reshape, same, zeros } from './emit.ts'
import type { Rule, RuleTable, Step } from './rule.ts'

const averagePool: Rule = (step) => {
  const { g, node, x } = step
  const { shape, type } = g.fact(x[0]!)
  const window = windowOf(node, shape.slice(2))
  return [() => (tiles(window) ? stretch(step, window, shape, type) : overlay(step, window, shape, type))]
}

/** Whether the windows tile the picture without overlap or padding. */
const tiles = ({ kernel, strides, dilations, begins, ends }: Window): boolean =>
  same(kernel, strides) &&
  [...begins, ...ends].every((pad) => pad === 0) &&
  dilations.every((step) => step === 1)

/** Each value is spread evenly over the pixels of its tile. */
function stretch({ g, dy }: Step, { kernel }: Window, shape: Shape, type: ElementType): string {
  const share = arithmetic(g, type).mul(dy, 1 / kernel.reduce((all, size) => all * size, 1))
  const scales = g.constant(tensor('float32', [shape.length], [1, 1, ...kernel]))
  const stretched = g.op('Resize', [share, '', scales], {
    mode: string('nearest'),
    coordinate_transformation_mode: string('asymmetric'),
    nearest_mode: string('floor'),
  })
  return place(
    g,
    stretched,
    shape.map(() => 0),
    shape,
  )
}

/** For windows that overlap or reach into the padding: a transposed convolution with ones adds up their shares. */
function overlay({ g, node, dy }: Step, window: Window, shape: Shape, type: ElementType): string {
  const { kernel, strides, dilations, begins, output } = window
  const counts = countsOf(window, shape.slice(2), intOf(node, 'count_include_pad', 0) === 1)
  const share = arithmetic(g, type).div(dy, g.constant(tensor(type, [1, 1, ...output], counts)))
  const channels = shape[1]!
  const ones = expand(g, g.scalar(1, type), [channels, 1, ...kernel])
  const spread = g.op('ConvTranspose', [share, ones], {
    kernel_shape: ints(kernel),
    strides: ints(strides),
    dilations: ints(dilations),
    group: int(channels),
  })
  return place(g, spread, [0, 0, ...begins.map((pad) => -pad)], shape)
}

/** By how many pixels each window divides, in row-major order. */
function countsOf(window: Window, size: Shape, withPadding: boolean): number[] {
  const { kernel, strides, dilations, begins, ends, output } = window
  const alongAxis = output.map((places, axis) =>
    Array.from({ length: places }, (_, place) => {
      const taps = Array.from(
        { length: kernel[axis]! },
        (__, n) => place * strides[axis]! + n * dilations[axis]!,
      )
      const [from, to] = withPadding
        ? [0, begins[axis]! + size[axis]! + ends[axis]!]
        : [begins[axis]!, begins[axis]! + size[axis]!]
      return taps.filter((at) => at >= from && at < to).length
    }),
  )
  return alongAxis.reduce((all, counts) => all.flatMap((a) => counts.map((b) => a * b)), [1])
}

/** Each value goes to the pixel that was the maximum of its window; its index is MaxPool's second output. */
const maxPool: Rule = ({ g, node, x, y, dy }) => [
  () => {
    if (g.opset < 16) throw new GraphError(`the gradient of ${describe(node)} needs operator set 16 or newer`)
    const { shape, type } = g.fact(x[0]!)
    const total = shape.reduce((all, size) => all * size, 1)
    const [, indices] = g.ops('MaxPool', [x[0]!], node.attributes, [`${y}_again`, `${y}_indices`])
    const flat = g.op(
      'ScatterElements',
      [zeros(g, type, [total]), reshape(g, indices!, [-1]), reshape(g, dy, [-1])],
      { reduction: string('add') },
    )
    return reshape(g, flat, shape)
  },
]

const globalAveragePool: Rule = ({ g, x, dy }) => [
  () => {
    const { shape, type } = g.fact(x[0]!)
    const pixels = shape.slice(2).reduce((all, size) => all * size, 1)
    return expand(g, arithmetic(g, type).mul(dy, 1 / pixels), shape)
  },
]

export const pooling: RuleTable = {
  AveragePool: averagePool,
  GlobalAveragePool: globalAveragePool,
  MaxPool: maxPool,
}
