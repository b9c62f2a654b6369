import { describe, expect, test } from 'vitest'
import { int, ints } from '../../../src/onnx/index.ts'
import { allowed, casesOf, differenceOfRow, floats, type Row, whole } from './check.ts'

/** The axes as an attribute in operator sets before `moved`, and as an input from there on. */
const reduction = (
  op: string,
  moved: number,
  what: string,
  shape: number[],
  axes?: number[],
  keepdims = 1,
): Row[] => {
  const sets = [13, 17, 18, 19]
  const shared = { op, what, type: 'float64' as const }
  return [
    {
      ...shared,
      inputs: [floats(...shape)],
      attributes: { keepdims: int(keepdims), ...(axes && { axes: ints(axes) }) },
      opsets: sets.filter((set) => set < moved),
    },
    {
      ...shared,
      inputs: [floats(...shape), axes && whole(...axes)],
      attributes: { keepdims: int(keepdims) },
      opsets: sets.filter((set) => set >= moved),
    },
  ]
}

const rows: Row[] = [
  ...Object.entries({ ReduceSum: 13, ReduceMean: 18, ReduceL2: 18 }).flatMap(([op, moved]) => [
    ...reduction(op, moved, 'one axis', [2, 3, 4], [1]),
    ...reduction(op, moved, 'the last two axes, dropped', [2, 3, 4], [-1, -2], 0),
    ...reduction(op, moved, 'axes 0 and 2, dropped', [2, 3, 4], [0, 2], 0),
    ...reduction(op, moved, 'all axes', [2, 3]),
    ...reduction(op, moved, 'all axes, dropped', [2, 3], undefined, 0),
  ]),
  {
    op: 'ReduceSum',
    what: 'no axes, which here means none',
    inputs: [floats(2, 3)],
    attributes: { noop_with_empty_axes: int(1) },
  },
]

describe('gradients of reductions agree with differences', () => {
  test.each(casesOf(rows))('%s', async (_, row, opset) => {
    expect(await differenceOfRow(row, opset)).toBeLessThan(allowed(row))
  })
})
