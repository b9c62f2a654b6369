import { GraphError } from '../error.ts'
import { describe, intOf, intsOf } from '../graph.ts'
import { countOf, type Shape } from '../tensor.ts'
import { resizeOf } from '../resize.ts'
import { axesOf, axisOf, broadcast, type Fact, factOf, has, type Seen, type ShapeRule } from './rule.ts'

/** The result has the first input's type, and the given shape if it is known. */
const shaped =
  (shapeOf: (shape: Shape, seen: Seen) => Shape | undefined): ShapeRule =>
  (seen) => {
    const { type, shape } = factOf(seen)
    const result = shapeOf(shape, seen)
    return result && [{ type, shape: result }]
  }

const reshape = shaped((shape, seen) => {
  const wanted = seen.values(1)
  if (!wanted) return undefined
  const copied = wanted.map((size, axis) =>
    size === 0 && !intOf(seen.node, 'allowzero', 0) ? shape[axis]! : size,
  )
  const rest = copied.filter((size) => size !== -1)
  const sizes = copied.map((size) => (size === -1 ? countOf(shape) / countOf(rest) : size))
  if (countOf(sizes) !== countOf(shape) || !sizes.every(Number.isInteger)) {
    throw new GraphError(
      `[${shape.join(', ')}] does not fill [${wanted.join(', ')}] in ${describe(seen.node)}: a shape fixed in the model does not fit the input's size`,
    )
  }
  return sizes
})

const squeeze = shaped((shape, seen) => {
  const axes = axesOf(seen, 1)
  if (axes === 'unknown') return undefined
  const dropped = axes?.map((axis) => axisOf(axis, shape.length, seen.node))
  return shape.filter((size, axis) => (dropped ? !dropped.includes(axis) : size !== 1))
})

const unsqueeze = shaped((shape, seen) => {
  const axes = axesOf(seen, 1)
  if (!axes || axes === 'unknown') return undefined
  const rank = shape.length + axes.length
  const added = new Set(axes.map((axis) => axisOf(axis, rank, seen.node)))
  const sizes = shape.values()
  return Array.from({ length: rank }, (_, axis) => (added.has(axis) ? 1 : sizes.next().value!))
})

const concat = shaped((shape, seen) => {
  const axis = axisOf(intOf(seen.node, 'axis', 0), shape.length, seen.node)
  const total = seen.facts.reduce((sum, fact) => sum + fact!.shape[axis]!, 0)
  return shape.with(axis, total)
})

const split: ShapeRule = (seen) => {
  const { type, shape } = factOf(seen)
  const axis = axisOf(intOf(seen.node, 'axis', 0), shape.length, seen.node)
  const given = has(seen, 1) ? seen.values(1) : intsOf(seen.node, 'split')
  if (has(seen, 1) && !given) return undefined
  const parts = intOf(seen.node, 'num_outputs', seen.node.outputs.length)
  const part = Math.ceil(shape[axis]! / parts)
  const sizes = given ?? Array.from({ length: parts }, (_, n) => Math.min(part, shape[axis]! - n * part))
  return sizes.map((size): Fact => ({ type, shape: shape.with(axis, size) }))
}

/** For each axis, where a slice begins, its step, and how many elements it takes. */
export interface Cut {
  readonly starts: number[]
  readonly steps: number[]
  readonly sizes: number[]
}

/** What a Slice takes; undefined if that is not constant. */
export function cutOf(seen: Seen): Cut | undefined {
  const { shape } = factOf(seen)
  const [begins, ends] = [seen.values(1), seen.values(2)]
  const axes = has(seen, 3) ? seen.values(3) : begins?.map((_, axis) => axis)
  const by = has(seen, 4) ? seen.values(4) : begins?.map(() => 1)
  if (!begins || !ends || !axes || !by) return undefined
  const cut: Cut = { starts: shape.map(() => 0), steps: shape.map(() => 1), sizes: [...shape] }
  for (const [n, given] of axes.entries()) {
    const axis = axisOf(given, shape.length, seen.node)
    const size = shape[axis]!
    const step = by[n]!
    // Negative positions count from the end; all are clamped to the axis, or one further down for a negative step.
    const clamp = (at: number, low: number, high: number): number =>
      Math.min(Math.max(at < 0 ? at + size : at, low), high)
    const start = step > 0 ? clamp(begins[n]!, 0, size) : clamp(begins[n]!, 0, size - 1)
    const end = step > 0 ? clamp(ends[n]!, 0, size) : clamp(ends[n]!, -1, size - 1)
    cut.starts[axis] = start
    cut.steps[axis] = step
    cut.sizes[axis] = Math.max(Math.ceil((end - start) / step), 0)
  }
  return cut
}

/** How much a Pad adds before and after each axis; undefined if that is not constant. */
export function padsOf(seen: Seen): { begins: number[]; ends: number[] } | undefined {
  const { shape } = factOf(seen)
  const pads = seen.values(1)
  const axes = has(seen, 3) ? seen.values(3) : [...shape.keys()]
  if (!pads || !axes) return undefined
  const begins = shape.map(() => 0)
  const ends = shape.map(() => 0)
  for (const [n, given] of axes.entries()) {
    const axis = axisOf(given, shape.length, seen.node)
    begins[axis] = pads[n]!
    ends[axis] = pads[n + axes.length]!
  }
  return { begins, ends }
}

export const arrangement: Record<string, ShapeRule> = {
  Reshape: reshape,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Concat: concat,
  Split: split,
  Transpose: shaped((shape, seen) =>
    (intsOf(seen.node, 'perm') ?? shape.map((_, axis) => shape.length - 1 - axis)).map(
      (axis) => shape[axis]!,
    ),
  ),
  Flatten: shaped((shape, seen) => {
    const axis = intOf(seen.node, 'axis', 1)
    const at = axis < 0 ? axis + shape.length : axis
    return [countOf(shape.slice(0, at)), countOf(shape.slice(at))]
  }),
  Slice: shaped((_, seen) => cutOf(seen)?.sizes),
  Pad: shaped((shape, seen) => {
    const pads = padsOf(seen)
    return pads && shape.map((size, axis) => size + pads.begins[axis]! + pads.ends[axis]!)
  }),
  Expand: shaped((shape, seen) => {
    const wanted = seen.values(1)
    return wanted && broadcast([shape, wanted], seen.node)
  }),
  Gather: shaped((shape, seen) => {
    const axis = axisOf(intOf(seen.node, 'axis', 0), shape.length, seen.node)
    return shape.toSpliced(axis, 1, ...factOf(seen, 1).shape)
  }),
  GatherND: shaped((shape, seen) => {
    const indices = factOf(seen, 1).shape
    const picked = intOf(seen.node, 'batch_dims', 0) + indices.at(-1)!
    return [...indices.slice(0, -1), ...shape.slice(picked)]
  }),
  Resize: shaped((_, seen) => resizeOf(seen)?.sizes),
  Tile: shaped((shape, seen) => {
    const repeats = seen.values(1)
    return repeats && shape.map((size, axis) => size * repeats[axis]!)
  }),
  DepthToSpace: shaped(([n, c, h, w], seen) => {
    const block = intOf(seen.node, 'blocksize', 1)
    return [n!, c! / block ** 2, h! * block, w! * block]
  }),
  ScatterElements: shaped((shape) => shape),
  OneHot: (seen) => {
    const depth = seen.values(1)?.[0]
    const indices = factOf(seen).shape
    const axis = intOf(seen.node, 'axis', -1)
    const at = axis < 0 ? axis + indices.length + 1 : axis
    return depth === undefined
      ? undefined
      : [{ type: factOf(seen, 2).type, shape: indices.toSpliced(at, 0, depth) }]
  },
  Shape: (seen) => {
    const rank = factOf(seen).shape.length
    const range = factOf(seen).shape.slice(intOf(seen.node, 'start', 0), intOf(seen.node, 'end', rank))
    return [{ type: 'int64', shape: [range.length] }]
  },
  Size: () => [{ type: 'int64', shape: [] }],
  ConstantOfShape: (seen) => {
    const shape = seen.values(0)
    const value = seen.node.attributes['value']
    return shape && [{ type: value?.type === 'tensor' ? value.value.type : 'float32', shape }]
  },
  Range: (seen) => {
    const [start, limit, delta] = [0, 1, 2].map((input) => seen.values(input)?.[0])
    if (start === undefined || limit === undefined || delta === undefined) return undefined
    return [{ type: factOf(seen).type, shape: [Math.max(Math.ceil((limit - start) / delta), 0)] }]
  },
}
