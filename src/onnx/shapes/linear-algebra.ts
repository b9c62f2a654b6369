import { GraphError } from '../error.ts'
import { describe, intOf } from '../graph.ts'
import type { Shape } from '../tensor.ts'
import { broadcast, factOf, type ShapeRule } from './rule.ts'

const matmul: ShapeRule = (seen) => {
  const { type, shape: a } = factOf(seen)
  const b = factOf(seen, 1).shape
  // A vector counts as a row on the left and as a column on the right; the added axis of 1 is dropped again.
  const left: Shape = a.length === 1 ? [1, ...a] : a
  const right: Shape = b.length === 1 ? [...b, 1] : b
  if (left.at(-1) !== right.at(-2)) {
    throw new GraphError(`[${a.join(', ')}] and [${b.join(', ')}] do not multiply in ${describe(seen.node)}`)
  }
  const batch = broadcast([left.slice(0, -2), right.slice(0, -2)], seen.node)
  const rows = a.length === 1 ? [] : [left.at(-2)!]
  const columns = b.length === 1 ? [] : [right.at(-1)!]
  return [{ type, shape: [...batch, ...rows, ...columns] }]
}

export const linearAlgebra: Record<string, ShapeRule> = {
  MatMul: matmul,
  Gemm: (seen) => {
    const { type, shape: a } = factOf(seen)
    const b = factOf(seen, 1).shape
    const rows = a[intOf(seen.node, 'transA', 0) ? 1 : 0]!
    const columns = b[intOf(seen.node, 'transB', 0) ? 0 : 1]!
    return [{ type, shape: [rows, columns] }]
  },
}
