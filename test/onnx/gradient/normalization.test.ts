import { describe, expect, test } from 'vitest'
import { float, int } from '../../../src/onnx/index.ts'
import { allowed, casesOf, differenceOfRow, floats, positive, type Row } from './check.ts'

const rows: Row[] = [
  { op: 'Softmax', what: 'last axis', inputs: [floats(2, 3, 4)], type: 'float64' },
  { op: 'Softmax', what: 'an axis inside', inputs: [floats(2, 3, 4)], attributes: { axis: int(1) } },
  { op: 'LayerNormalization', inputs: [floats(2, 3, 8), floats(8), floats(8)], opsets: [17, 18, 19] },
  {
    op: 'LayerNormalization',
    what: 'two axes, no bias',
    inputs: [floats(2, 3, 4), floats(3, 4)],
    attributes: { axis: int(1), epsilon: float(0.1) },
    opsets: [17, 18, 19],
  },
  {
    op: 'BatchNormalization',
    inputs: [floats(2, 3, 4, 4), floats(3), floats(3), floats(3), positive(3)],
    attributes: { epsilon: float(0.01) },
  },
  {
    op: 'BatchNormalization',
    what: 'one axis',
    inputs: [floats(4, 2, 5), floats(2), floats(2), floats(2), positive(2)],
  },
  {
    op: 'BatchNormalization',
    what: 'no axis',
    inputs: [floats(4, 2), floats(2), floats(2), floats(2), positive(2)],
  },
]

describe('gradients of normalisations agree with differences', () => {
  test.each(casesOf(rows))('%s', async (_, row, opset) => {
    expect(await differenceOfRow(row, opset)).toBeLessThan(allowed(row))
  })
})
