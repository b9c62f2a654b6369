import { int, intOf, ints } from '../graph.ts'
import type { Shape } from '../tensor.ts'
import { type Window, windowOf } from '../window.ts'
import { flip, place, reduceSum, reshape, transpose } from './emit.ts'
import type { Rule, RuleTable, Step } from './rule.ts'

const conv: Rule = (step) => {
  const { g, node, x, dy } = step
  const shape = g.fact(x[0]!).shape
  const weights = g.fact(x[1]!).shape
  const window = windowOf(node, shape.slice(2), weights.slice(2))
  return [
    () => toInput(step, window, shape),
    () => toWeights(step, window, shape, weights),
    () =>
      reshape(
        g,
        reduceSum(
          g,
          dy,
          [...shape.keys()].filter((axis) => axis !== 1),
        ),
        [weights[0]!],
      ),
  ]
}

/**
 * The gradient with respect to the picture. At stride 1 that is another convolution, with the kernels flipped and their input and
 * output channels swapped, which runtimes run far faster than a transposed convolution.
 */
function toInput({ g, node, x, dy }: Step, window: Window, shape: Shape): string {
  const { kernel, strides, dilations, begins, ends } = window
  const group = intOf(node, 'group', 1)
  const reach = kernel.map((size, axis) => (size - 1) * dilations[axis]!)
  const around = [begins, ends].flatMap((pads) => pads.map((pad, axis) => reach[axis]! - pad))
  if (strides.every((stride) => stride === 1) && around.every((pad) => pad >= 0)) {
    return g.op('Conv', [dy, exchange({ g, x }, group)], {
      kernel_shape: ints(kernel),
      dilations: ints(dilations),
      pads: ints(around),
      group: int(group),
    })
  }
  // Pixels after the last window were never seen, hence the padding of the output.
  const size = shape.slice(2)
  const unseen = size.map(
    (length, axis) =>
      length + begins[axis]! + ends[axis]! - reach[axis]! - 1 - (window.output[axis]! - 1) * strides[axis]!,
  )
  return g.op('ConvTranspose', [dy, x[1]!], {
    kernel_shape: ints(kernel),
    strides: ints(strides),
    dilations: ints(dilations),
    pads: ints([...begins, ...ends]),
    output_padding: ints(unseen),
    group: int(group),
  })
}

/** Weights [group * out, in, ...] as [group * in, out, ...], flipped. Runtimes fold this on loading if they are constant. */
function exchange({ g, x }: Pick<Step, 'g' | 'x'>, group: number): string {
  const [out, into, ...kernel] = g.fact(x[1]!).shape
  const split = reshape(g, x[1]!, [group, out! / group, into!, ...kernel])
  const swapped = transpose(g, split, [0, 2, 1, ...kernel.map((_, axis) => axis + 3)])
  const joined = reshape(g, swapped, [group * into!, out! / group, ...kernel])
  return flip(
    g,
    joined,
    kernel.map((_, axis) => axis + 2),
  )
}

/**
 * The gradient for the weights: the picture convolved with dy, with the batch as channels, and strides and dilations
 * swapped.
 */
function toWeights({ g, node, x, dy }: Step, window: Window, shape: Shape, weights: Shape): string {
  const { strides, dilations, begins, ends, kernel } = window
  const group = intOf(node, 'group', 1)
  const [batch, channels, ...size] = shape
  const [out, into] = weights
  const axes = size.map((_, axis) => axis + 3)
  const pictures = transpose(g, reshape(g, x[0]!, [batch!, group, into!, ...size]), [2, 1, 0, ...axes])
  const places = g.fact(dy).shape.slice(2)
  const kernels = reshape(g, transpose(g, dy, [1, 0, ...places.map((_, axis) => axis + 2)]), [
    out!,
    batch!,
    ...places,
  ])
  const mixed = g.op(
    'Conv',
    [reshape(g, pictures, [into!, (channels! / into!) * batch!, ...size]), kernels],
    {
      kernel_shape: ints(places),
      strides: ints(dilations),
      dilations: ints(strides),
      pads: ints([...begins, ...ends]),
      group: int(group),
    },
  )
  // If no window saw the picture's last pixels, the result is larger than the kernel.
  const whole = transpose(g, mixed, [1, 0, ...size.map((_, axis) => axis + 2)])
  return place(
    g,
    whole,
    weights.map(() => 0),
    [out!, into!, ...kernel],
  )
}

export const convolution: RuleTable = { Conv: conv }
