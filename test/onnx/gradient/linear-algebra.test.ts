import { describe, expect, test } from 'vitest'
import { float, int } from '../../../src/onnx/index.ts'
import { allowed, casesOf, differenceOfRow, floats, type Row } from './check.ts'

const rows: Row[] = [
  { op: 'MatMul', inputs: [floats(3, 4), floats(4, 2)], type: 'float64' },
  { op: 'MatMul', what: 'a batch with one matrix', inputs: [floats(2, 3, 4), floats(4, 5)] },
  { op: 'MatMul', what: 'one matrix with a batch', inputs: [floats(3, 4), floats(2, 4, 5)] },
  { op: 'MatMul', what: 'batches that stretch', inputs: [floats(2, 1, 3, 4), floats(3, 4, 2)] },
  { op: 'MatMul', what: 'a row', inputs: [floats(4), floats(2, 4, 3)] },
  { op: 'MatMul', what: 'a column', inputs: [floats(2, 3, 4), floats(4)] },
  { op: 'MatMul', what: 'two vectors', inputs: [floats(4), floats(4)], type: 'float64' },
  ...[0, 1].flatMap((transA) =>
    [0, 1].map((transB): Row => ({
      op: 'Gemm',
      what: `transA ${transA}, transB ${transB}`,
      inputs: [transA ? floats(4, 3) : floats(3, 4), transB ? floats(2, 4) : floats(4, 2), floats(2)],
      attributes: { transA: int(transA), transB: int(transB), alpha: float(0.5), beta: float(2) },
    })),
  ),
  { op: 'Gemm', what: 'no third term', inputs: [floats(3, 4), floats(4, 2)] },
  { op: 'Gemm', what: 'a third term of one column', inputs: [floats(3, 4), floats(4, 2), floats(3, 1)] },
]

describe('gradients of products agree with differences', () => {
  test.each(casesOf(rows))('%s', async (_, row, opset) => {
    expect(await differenceOfRow(row, opset)).toBeLessThan(allowed(row))
  })
})
