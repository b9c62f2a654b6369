import { GraphError } from './error.ts'
import { describe, intOf, intsOf, type Node, stringOf } from './graph.ts'
import type { Shape } from './tensor.ts'

/** How a convolution or a pool moves over the spatial axes; one entry for each axis. */
export interface Window {
  readonly kernel: Shape
  readonly strides: Shape
  readonly dilations: Shape
  readonly begins: Shape
  readonly ends: Shape
  /** Number of window positions. */
  readonly output: Shape
}

/**
 * The window of a Conv or pool over pictures of the given spatial size, with `auto_pad` and `ceil_mode`
 * spelled out.
 */
export function windowOf(node: Node, size: Shape, kernelOfWeights?: Shape): Window {
  const kernel = intsOf(node, 'kernel_shape') ?? kernelOfWeights
  if (kernel?.length !== size.length) {
    throw new GraphError(`${describe(node)} has a kernel of [${kernel?.join(', ')}] for ${size.length} axes`)
  }
  const strides = intsOf(node, 'strides') ?? size.map(() => 1)
  const dilations = intsOf(node, 'dilations') ?? size.map(() => 1)
  const reach = kernel.map((length, axis) => (length - 1) * dilations[axis]! + 1)
  const [begins, ends] = padsOf(node, size, reach, strides)
  const ceil = intOf(node, 'ceil_mode', 0) === 1
  const output = size.map((length, axis) => {
    const stride = strides[axis]!
    const steps = (length + begins[axis]! + ends[axis]! - reach[axis]!) / stride
    if (!ceil) return Math.floor(steps) + 1
    // A last window that would begin in the padding after the picture is dropped.
    return Math.ceil(steps) * stride >= length + begins[axis]! ? Math.ceil(steps) : Math.ceil(steps) + 1
  })
  return { kernel, strides, dilations, begins, ends, output }
}

function padsOf(node: Node, size: Shape, reach: Shape, strides: Shape): [Shape, Shape] {
  const mode = stringOf(node, 'auto_pad', 'NOTSET')
  const none = size.map(() => 0)
  if (mode === 'VALID') return [none, none]
  if (mode === 'NOTSET') {
    const pads = intsOf(node, 'pads') ?? [...none, ...none]
    return [pads.slice(0, size.length), pads.slice(size.length)]
  }
  // SAME_UPPER and SAME_LOWER: as many positions as strides fit; an odd pixel of padding goes after or before.
  const total = size.map((length, axis) =>
    Math.max((Math.ceil(length / strides[axis]!) - 1) * strides[axis]! + reach[axis]! - length, 0),
  )
  const less = total.map((pad) => Math.floor(pad / 2))
  const more = total.map((pad) => Math.ceil(pad / 2))
  return mode === 'SAME_LOWER' ? [more, less] : [less, more]
}
