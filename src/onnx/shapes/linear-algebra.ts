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
    throw new GraphError(
      `[${a.join(', ')}] and [${b.join(', ')}] cannot be multiplied in ${describe(seen.node)}`,
    )
  }
  const batch = broadcast([left.slice(0, -2), right.slice(0, -2)], seen.node)
  const rows = a.length === 1 ? [] : [left.at(-2)!]
  const columns = b.length === 1 ? [] : [right.at(-1)!]
  return [{ type, shape: [...batch, ...rows, ...columns] }]
}

/** Heads have an axis of their own, or are parts of the last one. */
const attention: ShapeRule = (seen) => {
  const { type, shape: q } = factOf(seen)
  const v = factOf(seen, 2).shape
  if (q.length === 4) return [{ type, shape: [...q.slice(0, 3), v.at(-1)!] }]
  const [heads, shared] = ['q_num_heads', 'kv_num_heads'].map((name) => intOf(seen.node, name, 1))
  return [{ type, shape: [...q.slice(0, 2), (heads! * v.at(-1)!) / shared!] }]
}

export const linearAlgebra: Record<string, ShapeRule> = {
  MatMul: matmul,
  Attention: attention,
  Gemm: (seen) => {
    const { type, shape: a } = factOf(seen)
    const b = factOf(seen, 1).shape
    const rows = a[intOf(seen.node, 'transA', 0) ? 1 : 0]!
    const columns = b[intOf(seen.node, 'transB', 0) ? 0 : 1]!
    return [{ type, shape: [rows, columns] }]
  },
}
