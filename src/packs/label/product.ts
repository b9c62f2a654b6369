import { InferenceSession, Tensor } from 'onnxruntime-node'
import { joinRows } from '../../threads/answer.ts'
import { emptyGraph, GraphBuilder, writeGraph } from '../../onnx/index.ts'

/** A row-major matrix. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float32Array
}

/** a times b, or times b transposed; by ONNX Runtime, because these are thousands by thousands. */
export async function product(a: Matrix, b: Matrix, transposed: boolean): Promise<Matrix> {
  const g = new GraphBuilder(emptyGraph(17))
  const x = g.input('a', 'float32', [a.rows, a.columns])
  const y = g.input('b', 'float32', [b.rows, b.columns])
  g.op('MatMul', [x, transposed ? g.op('Transpose', [y]) : y], {}, 'c')
  const session = await InferenceSession.create(writeGraph(g.build(['c'])))
  try {
    const feed = ({ values, rows, columns }: Matrix) => new Tensor(values, [rows, columns])
    const { data } = (await session.run({ a: feed(a), b: feed(b) }))['c']!
    return { rows: a.rows, columns: transposed ? b.rows : b.columns, values: data as Float32Array }
  } finally {
    await session.release()
  }
}

export const rowOf = ({ columns, values }: Matrix, row: number): Float32Array =>
  values.subarray(row * columns, (row + 1) * columns)

export const matrixOf = (rows: readonly Float32Array[]): Matrix => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  values: joinRows(rows),
})

/** The rows minus their mean, each L2-normalised. */
export function centred(matrix: Matrix): Matrix {
  const { rows, columns } = matrix
  const mean = new Float64Array(columns)
  for (let row = 0; row < rows; row++)
    for (let n = 0; n < columns; n++) mean[n]! += matrix.values[row * columns + n]! / rows
  const values = new Float32Array(matrix.values.length)
  for (let row = 0; row < rows; row++) {
    const own = rowOf(matrix, row).map((value, n) => value - mean[n]!)
    const length = Math.hypot(...own)
    values.set(length > 0 ? own.map((value) => value / length) : own, row * columns)
  }
  return { rows, columns, values }
}
