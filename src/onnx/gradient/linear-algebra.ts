import { float, floatOf, int, intOf } from '../graph.ts'
import type { GraphBuilder } from '../builder.ts'
import { arithmetic, reshape, sumTo, transpose } from './emit.ts'
import type { Rule, RuleTable } from './rule.ts'

/** dA = dY B^T and dB = A^T dY for each matrix; a vector counts as a row on the left and as a column on the right. */
const matmul: Rule = ({ g, x, dy }) => {
  const a = g.fact(x[0]!).shape
  const b = g.fact(x[1]!).shape
  const asRow = a.length === 1 ? [1, ...a] : a
  const asColumn = b.length === 1 ? [...b, 1] : b
  const matrices = () => {
    const { shape } = g.fact(dy)
    const batch = shape.slice(0, shape.length - Number(a.length > 1) - Number(b.length > 1))
    return reshape(g, dy, [...batch, asRow.at(-2)!, asColumn.at(-1)!])
  }
  return [
    () => {
      const turned = turn(g, reshape(g, x[1]!, asColumn))
      return reshape(g, sumTo(g, g.op('MatMul', [matrices(), turned]), asRow), a)
    },
    () => {
      const turned = turn(g, reshape(g, x[0]!, asRow))
      return reshape(g, sumTo(g, g.op('MatMul', [turned, matrices()]), asColumn), b)
    },
  ]
}

function turn(g: GraphBuilder, x: string): string {
  const rank = g.fact(x).shape.length
  return transpose(g, x, [...Array(rank - 2).keys(), rank - 1, rank - 2])
}

/** Y = alpha A' B' + beta C, where ' is an optional transpose. */
const gemm: Rule = ({ g, node, x, dy }) => {
  const [a, b, c] = [x[0]!, x[1]!, x[2]]
  const [transA, transB] = [intOf(node, 'transA', 0), intOf(node, 'transB', 0)]
  const product = (left: string, right: string, turnLeft: number, turnRight: number): string =>
    g.op('Gemm', [left, right], {
      alpha: float(floatOf(node, 'alpha', 1)),
      transA: int(turnLeft),
      transB: int(turnRight),
    })
  return [
    () => (transA ? product(b, dy, transB, 1) : product(dy, b, 0, 1 - transB)),
    () => (transB ? product(dy, a, 1, transA) : product(a, dy, 1 - transA, 0)),
    () => {
      const beta = floatOf(node, 'beta', 1)
      const scaled = beta === 1 ? dy : arithmetic(g, g.fact(dy).type).mul(dy, beta)
      return sumTo(g, scaled, g.fact(c!).shape)
    },
  ]
}

export const linearAlgebra: RuleTable = { MatMul: matmul, Gemm: gemm }
