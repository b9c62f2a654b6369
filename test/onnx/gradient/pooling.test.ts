import { describe, expect, test } from 'vitest'
import { int, ints, string } from '../../../src/onnx/index.ts'
import { allowed, casesOf, differenceOfRow, distinct, floats, type Row } from './check.ts'

const window = (kernel: number[], strides: number[]) => ({
  kernel_shape: ints(kernel),
  strides: ints(strides),
})

const rows: Row[] = [
  { op: 'GlobalAveragePool', inputs: [floats(2, 3, 4, 5)] },
  {
    op: 'AveragePool',
    what: 'tiles of 2x2',
    inputs: [floats(1, 3, 4, 6)],
    attributes: window([2, 2], [2, 2]),
  },
  {
    op: 'AveragePool',
    what: 'tiles of 3x2 with pixels left over',
    inputs: [floats(2, 2, 7, 5)],
    attributes: window([3, 2], [3, 2]),
  },
  {
    op: 'AveragePool',
    what: 'overlapping',
    inputs: [floats(1, 2, 6, 7)],
    attributes: window([3, 3], [2, 1]),
  },
  { op: 'AveragePool', what: 'with gaps', inputs: [floats(1, 2, 7, 7)], attributes: window([2, 2], [3, 3]) },
  {
    op: 'AveragePool',
    what: 'padded, padding not counted',
    inputs: [floats(1, 2, 5, 5)],
    attributes: { ...window([3, 3], [2, 2]), pads: ints([1, 1, 1, 1]) },
  },
  {
    op: 'AveragePool',
    what: 'padded unevenly, padding counted',
    inputs: [floats(1, 2, 5, 5)],
    attributes: { ...window([3, 3], [1, 2]), pads: ints([0, 1, 2, 0]), count_include_pad: int(1) },
  },
  {
    op: 'AveragePool',
    what: 'rounded up, padding not counted',
    inputs: [floats(1, 2, 6, 6)],
    attributes: { ...window([3, 3], [2, 2]), ceil_mode: int(1) },
  },
  {
    op: 'AveragePool',
    what: 'rounded up, padding counted',
    inputs: [floats(1, 2, 6, 6)],
    attributes: {
      ...window([3, 3], [2, 2]),
      pads: ints([1, 1, 1, 1]),
      ceil_mode: int(1),
      count_include_pad: int(1),
    },
  },
  {
    op: 'AveragePool',
    what: 'dilated',
    inputs: [floats(1, 2, 7, 7)],
    attributes: { ...window([2, 2], [1, 2]), dilations: ints([2, 3]) },
    opsets: [19],
  },
  {
    op: 'AveragePool',
    what: 'SAME_UPPER',
    inputs: [floats(1, 2, 5, 6)],
    attributes: { ...window([2, 3], [2, 2]), auto_pad: string('SAME_UPPER') },
  },
  { op: 'AveragePool', what: 'one axis', inputs: [floats(2, 3, 8)], attributes: window([2], [2]) },
  ...[
    { what: 'tiles of 2x2', shape: [1, 2, 4, 6], attributes: window([2, 2], [2, 2]) },
    { what: 'overlapping', shape: [1, 2, 6, 7], attributes: window([3, 3], [1, 2]) },
    {
      what: 'padded',
      shape: [2, 2, 5, 5],
      attributes: { ...window([3, 3], [2, 2]), pads: ints([1, 1, 1, 1]) },
    },
    { what: 'rounded up', shape: [1, 2, 6, 6], attributes: { ...window([3, 3], [2, 2]), ceil_mode: int(1) } },
    {
      what: 'dilated',
      shape: [1, 1, 7, 7],
      attributes: { ...window([2, 2], [1, 2]), dilations: ints([2, 3]) },
    },
  ].map(({ what, shape, attributes }): Row => ({
    op: 'MaxPool',
    what,
    inputs: [distinct(...shape)],
    attributes,
    opsets: [16, 18, 19],
  })),
]

describe('gradients of pools agree with differences', () => {
  test.each(casesOf(rows))('%s', async (_, row, opset) => {
    expect(await differenceOfRow(row, opset)).toBeLessThan(allowed(row))
  })
})
