import { describe, expect, test } from 'vitest'
import {
  emptyGraph,
  type ElementType,
  gradient,
  GraphBuilder,
  int,
  ints,
  tensor,
} from '../../../src/onnx/index.ts'
import { open } from '../run.ts'

/** The gradient of an op's sum with respect to a vector or picture of the given values. */
async function slopes(
  values: number[],
  write: (g: GraphBuilder, x: string) => string,
  shape: number[] = [values.length],
  type: ElementType = 'float32',
): Promise<number[]> {
  const g = new GraphBuilder(emptyGraph(17))
  const y = write(g, g.input('x', type, shape))
  g.op('ReduceSum', [y], { keepdims: int(0) }, 'sum')
  const graph = gradient(g.build(['sum']), { of: 'sum', withRespectTo: 'x' })
  const results = await (await open(graph))({ x: { type, shape, values } })
  // -0 is as flat as 0.
  return results['d_x']!.map((slope) => slope + 0)
}

type Write = (g: GraphBuilder, x: string) => string

const clip: Write = (g, x) => g.op('Clip', [x, g.scalar(0, 'float32'), g.scalar(1, 'float32')])
const norm: Write = (g, x) => g.op('ReduceL2', [x], { axes: ints([1]) })
const pool: Write = (g, x) => g.op('MaxPool', [x], { kernel_shape: ints([2, 2]) })
const squareAndDouble: Write = (g, x) =>
  g.op('Add', [g.op('Mul', [x, x]), g.op('Sub', [x, g.op('Neg', [x])])])

const power =
  (exponent: number): Write =>
  (g, x) =>
    g.op('Pow', [x, g.scalar(exponent, 'float32')])

const layerOf =
  (type: ElementType): Write =>
  (g, x) => {
    const input = type === 'float16' ? g.op('Cast', [x], { to: int(10) }) : x
    const weights = g.constant(tensor(type, [3, 2], [0.5, -1, 0.25, 2, -0.75, 1]))
    const hidden = g.op('Relu', [g.op('MatMul', [input, weights])])
    const y = g.op('Tanh', [g.op('Div', [hidden, g.scalar(2, type)])])
    return type === 'float16' ? g.op('Cast', [y], { to: int(1) }) : y
  }

describe('at a kink, or where a function has no value', () => {
  test('Relu is flat at 0 and below, and masks not even the tiniest value above', async () => {
    expect(await slopes([0, -0, -1, 1e-37, 3e38], (g, x) => g.op('Relu', [x]))).toEqual([0, 0, 0, 1, 1])
  })

  test('Clip lets the gradient through at its bounds', async () => {
    expect(await slopes([0, 1, -0.1, 1.1], clip)).toEqual([1, 1, 0, 0])
  })

  test('Abs is flat at 0', async () => {
    expect(await slopes([0, -2, 2], (g, x) => g.op('Abs', [x]))).toEqual([0, -1, 1])
  })

  test('a power of a number at or below 0 has a gradient if the power has a value', async () => {
    expect(await slopes([0, -2], power(2))).toEqual([0, -4])
    expect(await slopes([0, -2], power(1))).toEqual([1, 1])
    expect(await slopes([0, -2], power(0))).toEqual([0, 0])
  })

  test('the norm of all zeros has no slope', async () => {
    expect(await slopes([0, 0, 3, 4], norm, [2, 2])).toEqual([0, 0, expect.closeTo(0.6), expect.closeTo(0.8)])
  })

  test('of equal pixels only one is the greatest', async () => {
    expect(await slopes([1, 1, 1, 1], pool, [1, 1, 2, 2])).toEqual([1, 0, 0, 0])
  })
})

test('a tensor that many nodes use gathers the gradient of each', async () => {
  expect(await slopes([3, -1], squareAndDouble)).toEqual([8, 0])
})

test('in half precision it is the same, except for rounding', async () => {
  const values = [0.3, -0.2, 0.7, 1, 0.1, -0.4]
  const exact = await slopes(values, layerOf('float32'), [2, 3])
  const rounded = await slopes(values, layerOf('float16'), [2, 3])
  rounded.forEach((value, n) => expect(value).toBeCloseTo(exact[n]!, 2))
  expect(Math.max(...exact)).toBeGreaterThan(0.1)
})
