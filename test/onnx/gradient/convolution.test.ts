import { describe, expect, test } from 'vitest'
import { int, ints, string } from '../../../src/onnx/index.ts'
import { allowed, casesOf, differenceOfRow, floats, type Row } from './check.ts'

const rows: Row[] = [
  { op: 'Conv', what: '1x1', inputs: [floats(2, 3, 4, 4), floats(5, 3, 1, 1), floats(5)] },
  {
    op: 'Conv',
    what: '3x3, padded',
    inputs: [floats(1, 3, 5, 6), floats(4, 3, 3, 3), floats(4)],
    attributes: { pads: ints([1, 1, 1, 1]) },
  },
  { op: 'Conv', what: '3x2, unpadded, no bias', inputs: [floats(2, 2, 5, 5), floats(3, 2, 3, 2)] },
  {
    op: 'Conv',
    what: 'uneven pads',
    inputs: [floats(1, 2, 5, 4), floats(3, 2, 3, 3)],
    attributes: { pads: ints([0, 2, 1, 1]) },
  },
  {
    op: 'Conv',
    what: 'pads wider than the kernel reaches',
    inputs: [floats(1, 2, 4, 4), floats(2, 2, 2, 2)],
    attributes: { pads: ints([2, 2, 2, 2]) },
  },
  {
    op: 'Conv',
    what: 'stride 2',
    inputs: [floats(1, 3, 8, 8), floats(4, 3, 3, 3), floats(4)],
    attributes: { pads: ints([1, 1, 1, 1]), strides: ints([2, 2]) },
  },
  {
    op: 'Conv',
    what: 'stride 3 that leaves pixels over',
    inputs: [floats(2, 2, 9, 7), floats(3, 2, 2, 3)],
    attributes: { strides: ints([3, 2]), pads: ints([0, 1, 0, 0]) },
  },
  {
    op: 'Conv',
    what: '1x1 of stride 2',
    inputs: [floats(1, 3, 5, 6), floats(2, 3, 1, 1)],
    attributes: { strides: ints([2, 2]) },
  },
  {
    op: 'Conv',
    what: 'patches, as a ViT takes them',
    inputs: [floats(1, 3, 8, 8), floats(6, 3, 4, 4)],
    attributes: { strides: ints([4, 4]) },
  },
  {
    op: 'Conv',
    what: 'dilated',
    inputs: [floats(1, 2, 7, 7), floats(3, 2, 3, 3)],
    attributes: { dilations: ints([2, 1]), pads: ints([2, 1, 2, 1]) },
  },
  {
    op: 'Conv',
    what: 'dilated and strided',
    inputs: [floats(1, 2, 9, 8), floats(3, 2, 3, 3)],
    attributes: { dilations: ints([2, 2]), strides: ints([2, 3]), pads: ints([1, 2, 2, 1]) },
  },
  {
    op: 'Conv',
    what: 'in groups',
    inputs: [floats(2, 4, 5, 5), floats(6, 2, 3, 3), floats(6)],
    attributes: { group: int(2), pads: ints([1, 1, 1, 1]) },
  },
  {
    op: 'Conv',
    what: 'each channel for itself, stride 2',
    inputs: [floats(2, 3, 6, 6), floats(3, 1, 3, 3)],
    attributes: { group: int(3), strides: ints([2, 2]) },
  },
  {
    op: 'Conv',
    what: 'SAME_UPPER',
    inputs: [floats(1, 2, 5, 6), floats(2, 2, 2, 3)],
    attributes: { auto_pad: string('SAME_UPPER'), strides: ints([2, 2]) },
  },
  {
    op: 'Conv',
    what: 'SAME_LOWER',
    inputs: [floats(1, 2, 5, 6), floats(2, 2, 2, 3)],
    attributes: { auto_pad: string('SAME_LOWER') },
  },
  {
    op: 'Conv',
    what: 'one axis',
    inputs: [floats(2, 3, 9), floats(4, 3, 3)],
    attributes: { strides: ints([2]) },
  },
  {
    op: 'Conv',
    what: 'three axes',
    inputs: [floats(1, 2, 4, 3, 4), floats(2, 2, 2, 2, 3)],
    attributes: { pads: ints([1, 0, 1, 0, 1, 1]) },
  },
]

describe('gradients of convolutions agree with differences', () => {
  test.each(casesOf(rows))('%s', async (_, row, opset) => {
    expect(await differenceOfRow(row, opset)).toBeLessThan(allowed(row))
  })
})
