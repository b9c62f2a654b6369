import { GraphError } from './error.ts'
import { describe, intOf, intsOf, type Node, stringOf } from './graph.ts'
import { axisOf, factOf, has, type Seen } from './shapes/rule.ts'

/** Size and scale of each axis after a Resize. */
export interface Resized {
  readonly sizes: number[]
  readonly scales: number[]
}

/** Sizes and scales of a Resize, whichever of the two it is given; undefined if that is not constant. */
export function resizeOf(seen: Seen): Resized | undefined {
  const { node } = seen
  const { shape } = factOf(seen)
  const axes = (intsOf(node, 'axes') ?? [...shape.keys()]).map((axis) => axisOf(axis, shape.length, node))
  const resized: Resized = { sizes: [...shape], scales: shape.map(() => 1) }
  // An empty `scales` also counts as left out.
  const scales = has(seen, 2) && factOf(seen, 2).shape[0] ? seen.values(2) : undefined
  const sizes = has(seen, 3) ? seen.values(3) : undefined
  if (!scales && !sizes) return undefined
  const ratios =
    scales ??
    fitted(
      node,
      sizes!.map((size, n) => size / shape[axes[n]!]!),
    )
  for (const [n, axis] of axes.entries()) {
    resized.scales[axis] = ratios[n]!
    resized.sizes[axis] = scales
      ? Math.floor(shape[axis]! * ratios[n]!)
      : ratios[n] === sizes![n]! / shape[axis]!
        ? sizes![n]!
        : Math.round(shape[axis]! * ratios[n]!)
  }
  return resized
}

/** One ratio for all axes if the aspect ratio should be kept. */
function fitted(node: Node, ratios: number[]): number[] {
  const policy = stringOf(node, 'keep_aspect_ratio_policy', 'stretch')
  if (policy === 'stretch') return ratios
  return ratios.map(() => (policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios)))
}

/**
 * The weights with which one axis of a Resize mixes its `from` inputs into its `to` outputs, [to, from]. Coordinates are
 * as in the ONNX specification of Resize.
 *
 * @throws GraphError for cubic, antialiased and cropping modes
 */
export function mixOf(node: Node, from: number, to: number, scale: number): Float64Array {
  const mode = stringOf(node, 'mode', 'nearest')
  if (intOf(node, 'antialias', 0))
    throw new GraphError(`${describe(node)} is antialiased, which is not supported`)
  const weights = new Float64Array(to * from)
  for (let x = 0; x < to; x++) {
    const at = coordinateOf(node, x, from, to, scale)
    const clamped = Math.min(Math.max(at, 0), from - 1)
    if (mode === 'nearest') {
      weights[x * from + Math.min(Math.max(nearestOf(node, at), 0), from - 1)] = 1
    } else if (mode === 'linear') {
      const low = Math.floor(clamped)
      weights[x * from + low]! += 1 - (clamped - low)
      weights[x * from + Math.min(low + 1, from - 1)]! += clamped - low
    } else {
      throw new GraphError(`${describe(node)} has the mode "${mode}", which is not supported`)
    }
  }
  return weights
}

/** In single precision, like runtimes: if a coordinate falls between two pixels, the last bit decides. */
function coordinateOf(node: Node, x: number, from: number, to: number, scale: number): number {
  const mode = stringOf(node, 'coordinate_transformation_mode', 'half_pixel')
  const f = Math.fround
  const halfPixel = f(f((x + 0.5) / f(scale)) - 0.5)
  switch (mode) {
    case 'half_pixel':
      return halfPixel
    case 'pytorch_half_pixel':
      return to > 1 ? halfPixel : 0
    case 'half_pixel_symmetric':
      return f(f((from / 2) * f(1 - f(to / f(f(scale) * from)))) + halfPixel)
    case 'align_corners':
      return to > 1 ? f((x * (from - 1)) / (to - 1)) : 0
    case 'asymmetric':
      return f(x / f(scale))
    default:
      throw new GraphError(`${describe(node)} has the coordinate mode "${mode}", which is not supported`)
  }
}

function nearestOf(node: Node, at: number): number {
  switch (stringOf(node, 'nearest_mode', 'round_prefer_floor')) {
    case 'floor':
      return Math.floor(at)
    case 'ceil':
      return Math.ceil(at)
    case 'round_prefer_ceil':
      return Math.floor(at + 0.5)
    default:
      return Math.ceil(at - 0.5)
  }
}
