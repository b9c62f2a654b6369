import { describe, expect, test } from 'vitest'
import { int } from '../../../src/onnx/index.ts'
import { awayFrom, allowed, casesOf, differenceOfRow, constant, floats, positive, type Row } from './check.ts'

const bools = (...values: number[]) => constant('bool', [values.length], ...values)

const rows: Row[] = [
  { op: 'Identity', inputs: [floats(2, 3)] },
  { op: 'Cast', what: 'to float64', inputs: [floats(2, 3)], attributes: { to: int(11) } },
  { op: 'Relu', inputs: [awayFrom([0], 3, 4)] },
  { op: 'Relu', inputs: [awayFrom([0], 3, 4)], type: 'float64' },
  { op: 'Neg', inputs: [floats(4)], type: 'float64' },
  { op: 'Exp', inputs: [floats(2, 3)], type: 'float64' },
  { op: 'Log', inputs: [positive(5)], type: 'float64' },
  { op: 'Sqrt', inputs: [positive(2, 2)], type: 'float64' },
  { op: 'Abs', inputs: [awayFrom([0], 6)], type: 'float64' },
  { op: 'Reciprocal', inputs: [positive(3, 2)], type: 'float64' },
  { op: 'Sigmoid', inputs: [floats(3, 3)] },
  { op: 'Tanh', inputs: [floats(3, 3)] },
  { op: 'Erf', inputs: [floats(3, 3)] },
  {
    op: 'Clip',
    what: 'both bounds',
    inputs: [awayFrom([-0.5, 0.5], 20), constant('float32', [], -0.5), constant('float32', [], 0.5)],
  },
  { op: 'Clip', what: 'lower bound only', inputs: [awayFrom([-0.5], 20), constant('float32', [], -0.5)] },
  {
    op: 'Clip',
    what: 'upper bound only',
    inputs: [awayFrom([0.5], 20), undefined, constant('float32', [], 0.5)],
  },
  { op: 'Clip', what: 'no bound', inputs: [floats(5)] },
  { op: 'Where', inputs: [bools(1, 0, 1, 1), floats(3, 4), floats(3, 4)] },
  { op: 'Where', what: 'all stretched', inputs: [bools(1, 0, 1, 1), floats(3, 1), floats(1, 4)] },
  { op: 'Where', what: 'a scalar', inputs: [bools(1, 0, 1, 1), floats(), floats(2, 1)] },
  ...['Add', 'Sub', 'Mul'].flatMap((op): Row[] => [
    { op, inputs: [floats(2, 3), floats(2, 3)] },
    { op, what: 'the second stretched', inputs: [floats(2, 3, 4), floats(3, 1)] },
    { op, what: 'both stretched', inputs: [floats(2, 1, 4), floats(3, 1)], type: 'float64' },
    { op, what: 'a scalar', inputs: [floats(), floats(2, 2)] },
  ]),
  { op: 'Div', inputs: [floats(2, 3), positive(2, 3)], type: 'float64' },
  { op: 'Div', what: 'both stretched', inputs: [floats(2, 1), positive(1, 3)], type: 'float64' },
  { op: 'Pow', inputs: [positive(2, 3), floats(2, 3)], type: 'float64' },
  { op: 'Pow', what: 'both stretched', inputs: [positive(2, 1), floats(3)], type: 'float64' },
  { op: 'Pow', what: 'a square of any sign', inputs: [floats(6), constant('float32', [], 2)] },
  { op: 'Pow', what: 'a whole exponent', inputs: [floats(6), constant('int64', [], 3)] },
]

describe('gradients of element-by-element operators agree with differences', () => {
  test.each(casesOf(rows))('%s', async (_, row, opset) => {
    expect(await differenceOfRow(row, opset)).toBeLessThan(allowed(row))
  })
})
