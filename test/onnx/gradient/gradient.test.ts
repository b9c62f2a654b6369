import { describe, expect, test } from 'vitest'
import {
  type Attribute,
  emptyGraph,
  extractSubgraph,
  type Graph,
  GraphBuilder,
  GraphError,
  gradient,
  int,
  readGraph,
  saveGraphs,
  writeGraph,
} from '../../../src/onnx/index.ts'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clipResNet, normals } from '../clip-resnet.ts'
import { open } from '../run.ts'

const feed = (shape: number[], values: number[]) => ({ type: 'float32' as const, shape, values })

/** y = exp(x) + x*x, z = sum(y) */
function small(): Graph {
  const g = new GraphBuilder(emptyGraph(17))
  const x = g.input('x', 'float32', [3])
  g.op('Add', [g.op('Exp', [x], {}, 'e'), g.op('Mul', [x, x], {}, 'square')], {}, 'y')
  g.op('ReduceSum', ['y'], { keepdims: int(0) }, 'z')
  return g.build(['y', 'z'])
}
const x = feed([3], [0, 1, -1])

const sizesOf = (graph: Graph, name: string): number[] =>
  [...graph.inputs, ...graph.outputs].find((value) => value.name === name)!.shape as number[]

const branch = (op: string): Attribute => ({
  type: 'graph',
  value: {
    ...emptyGraph(17),
    nodes: [{ op, domain: '', name: op, inputs: ['x'], outputs: [`${op}_y`], attributes: {} }],
    outputs: [{ name: `${op}_y` }],
  },
})

const ops = (graph: Graph): string[] => graph.nodes.map(({ op }) => op)

describe('what a gradient graph takes and gives', () => {
  test('a single number is differentiated as it is', async () => {
    const graph = gradient(small(), { of: 'z', withRespectTo: 'x' })
    expect(graph.inputs.map(({ name }) => name)).toEqual(['x'])
    const { d_x } = await (await open(graph))({ x })
    ;[1, Math.E + 2, 1 / Math.E - 2].forEach((value, n) => expect(d_x![n]).toBeCloseTo(value, 5))
  })

  test('each element of anything larger has a weight, given from outside', async () => {
    const graph = gradient(small(), { of: 'y', withRespectTo: 'x' })
    expect(graph.inputs.at(-1)).toEqual({ name: 'd_y', type: 'float32', shape: [3] })
    expect(graph.outputs).toEqual([{ name: 'd_x', type: 'float32', shape: [3] }])
    const { d_x } = await (await open(graph))({ x, d_y: feed([3], [2, 0, 0]) })
    expect(d_x).toEqual([2, 0, 0])
  })

  test('the values of the forward pass come along if they are wanted', async () => {
    const graph = gradient(small(), { of: 'z', withRespectTo: 'x', keep: ['square', 'z'] })
    const results = await (await open(graph))({ x })
    expect(Object.keys(results)).toEqual(['d_x', 'square', 'z'])
    expect(results['square']).toEqual([0, 1, 1])
  })

  test('several tensors can be differentiated at once, and their gradients add up', async () => {
    const graph = gradient(small(), { of: ['z', 'square'], withRespectTo: 'x' })
    const { d_x } = await (await open(graph))({ x, d_square: feed([3], [0, 10, 0]) })
    expect(d_x![1]).toBeCloseTo(Math.E + 2 + 20, 4)
  })

  test('the gradient can be taken for tensors in between as well as for the input', async () => {
    const graph = gradient(small(), { of: 'z', withRespectTo: ['square', 'x'] })
    const { d_square, d_x } = await (await open(graph))({ x })
    expect(d_square).toEqual([1, 1, 1])
    expect(d_x![0]).toBeCloseTo(1, 5)
  })

  test('for an inner tensor it is that of the part after it', async () => {
    const trunk = clipResNet({ width: 8, layers: [2, 1] }, [1, 3, 32, 32])
    const inner = trunk.nodes.filter(({ op }) => op === 'Relu')[5]!.outputs[0]!
    const whole = gradient(trunk, { of: 'activations', withRespectTo: inner, keep: [inner] })
    const part = extractSubgraph(trunk, { inputs: [inner], outputs: ['activations'] })
    const random = normals(5)
    const filled = (shape: number[]) =>
      feed(shape, Array.from({ length: shape.reduce((a, b) => a * b) }, random))
    const d_activations = filled(sizesOf(whole, 'd_activations'))
    const first = await (await open(whole))({ image: filled([1, 3, 32, 32]), d_activations })
    const behind = await open(gradient(part, { of: 'activations', withRespectTo: inner }))
    const second = await behind({ [inner]: feed(sizesOf(whole, inner), first[inner]!), d_activations })
    second[`d_${inner}`]!.forEach((value, n) => expect(first[`d_${inner}`]![n]).toBeCloseTo(value, 4))
  })

  test('what counts as constant passes no gradient on', async () => {
    const graph = gradient(small(), { of: 'z', withRespectTo: 'x', constant: ['e'] })
    expect((await (await open(graph))({ x }))['d_x']).toEqual([0, 2, -2])
  })

  test('a gradient graph can be built upon and differentiated again', async () => {
    // sum(dz/dy' * y') with y' = x*x and its weight, dz/dy' = e^y', first as a constant, then not.
    const g = new GraphBuilder(emptyGraph(17))
    g.op('Exp', [g.op('Mul', [g.input('x', 'float32', [2]), 'x'], {}, 'y')], {}, 'e')
    g.op('ReduceSum', ['e'], { keepdims: int(0) }, 'z')
    const once = gradient(g.build(['z']), { of: 'z', withRespectTo: 'y', keep: ['y'] })
    const f = new GraphBuilder(once)
    f.op('ReduceSum', [f.op('Mul', ['d_y', 'y'])], { keepdims: int(0) }, 'score')
    const score = f.build(['score'])
    const at = { x: feed([2], [1, 0.5]) }
    const slopes = async (constant: string[]) =>
      (await (await open(gradient(score, { of: 'score', withRespectTo: 'x', constant })))(at))['d_x']!
    const [fixed, free] = [await slopes(['d_y']), await slopes([])]
    for (const [n, value] of at.x.values.entries()) {
      const weight = Math.exp(value ** 2)
      expect(fixed[n]).toBeCloseTo(2 * value * weight, 4)
      expect(free[n]).toBeCloseTo(2 * value * weight * (1 + value ** 2), 4)
    }
  })

  test('an If whose condition follows from the shapes becomes the branch that it takes', async () => {
    const g = new GraphBuilder({
      ...emptyGraph(17),
      inputs: [{ name: 'x', type: 'float32', shape: ['N', 2] }],
    })
    const size = g.op('Gather', [g.op('Shape', ['x']), g.ints([0])])
    const single = g.op('Equal', [size, g.ints([1])])
    g.op('If', [single], { then_branch: branch('Neg'), else_branch: branch('Exp') }, 'y')
    const graph = await readGraph(writeGraph(g.build(['y'])))
    const slopes = async (rows: number) => {
      const both = gradient(graph, { of: 'y', withRespectTo: 'x', shapes: { x: [rows, 2] } })
      const numbers = (value: number) =>
        feed(
          [rows, 2],
          Array.from({ length: rows * 2 }, () => value),
        )
      return (await (await open(both))({ x: numbers(0), d_y: numbers(3) }))['d_x']
    }
    expect(await slopes(1)).toEqual([-3, -3])
    expect(await slopes(2)).toEqual([3, 3, 3, 3])
  })

  test('only the path between the two ends is written', () => {
    const towardsInner = gradient(small(), { of: 'z', withRespectTo: 'square' })
    expect(ops(towardsInner)).not.toContain('Exp')
    const trunk = clipResNet({ width: 8, layers: [1, 1] }, [1, 3, 32, 32])
    const towardsPicture = gradient(trunk, { of: 'activations', withRespectTo: 'image' })
    // One Conv back for each one forward, but for the first, whose stride makes it a ConvTranspose, and the last two, whose
    // outputs nothing needs.
    const forth = trunk.nodes.filter(({ op }) => op === 'Conv').length
    expect(ops(towardsPicture).filter((op) => op === 'Conv')).toHaveLength(2 * forth - 3)
    expect(ops(towardsPicture).filter((op) => op === 'ConvTranspose')).toHaveLength(1)
  })
})

describe('a gradient graph written and read again', () => {
  test('gives the same, from bytes and with its weights in a side file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gradient-'))
    try {
      const trunk = clipResNet({ width: 16, layers: [1, 1] }, [1, 3, 32, 32])
      const graph = gradient(trunk, { of: 'activations', withRespectTo: 'image', keep: ['activations'] })
      const random = normals(5)
      const feeds = Object.fromEntries(
        graph.inputs.map(({ name, shape }) => {
          const sizes = shape as number[]
          return [name, feed(sizes, Array.from({ length: sizes.reduce((a, b) => a * b) }, random))]
        }),
      )
      const path = join(folder, 'gradient.onnx')
      await saveGraphs({ 'gradient.onnx': graph }, folder, 'gradient.weights')
      const before = await (await open(graph))(feeds)
      expect(await (await open(await readGraph(writeGraph(graph))))(feeds)).toEqual(before)
      expect(await (await open(await readGraph(path)))(feeds)).toEqual(before)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

/** y out of x, [1, 2, 4, 4]. */
const built = (make: (g: GraphBuilder, x: string) => void, opset = 17): Graph => {
  const g = new GraphBuilder(emptyGraph(opset))
  make(g, g.input('x', 'float32', [1, 2, 4, 4]))
  return g.build(['y'])
}
const sentenceOf = (graph: Graph, withRespectTo = 'x', of = 'y'): string => {
  try {
    gradient(graph, { of, withRespectTo })
  } catch (error) {
    expect(error).toBeInstanceOf(GraphError)
    return (error as GraphError).message
  }
  return 'no error'
}

describe('one sentence says what has no gradient', () => {
  test('an operator without a rule', () => {
    const graph = built((g, x) => g.op('Mish', [g.op('Relu', [x])], {}, 'y'))
    const shaped = { ...graph, outputs: [{ name: 'y', type: 'float32' as const, shape: [1, 2, 4, 4] }] }
    expect(sentenceOf(shaped)).toBe('there is no gradient rule for op "Mish" (node "y", output "y")')
  })

  test('an operator of another domain', () => {
    const graph = built((g, x) => g.op('Relu', [x], {}, 'y'))
    const foreign = { ...graph, nodes: graph.nodes.map((node) => ({ ...node, domain: 'com.microsoft' })) }
    expect(sentenceOf(foreign)).toBe(
      'there is no gradient rule for op "com.microsoft.Relu" (node "y", output "y")',
    )
  })

  test('a target that nothing depends on', () => {
    const graph = built((g, x) => {
      g.op('Add', [x, g.op('Relu', [g.input('other', 'float32', [1])], {}, 'aside')], {}, 'y')
      g.op('Neg', [x], {}, 'w')
    })
    const two = {
      ...graph,
      inputs: [...graph.inputs, { name: 'unused', type: 'float32' as const, shape: [1] }],
    }
    expect(sentenceOf(two, 'unused')).toBe('"y" does not depend on "unused": no path of nodes leads there')
  })

  test('a path that ends at an operator without a gradient', () => {
    const graph = built((g, x) =>
      g.op('Cast', [g.op('ArgMax', [x], { axis: int(1) }, 'index')], { to: int(1) }, 'y'),
    )
    expect(sentenceOf(graph)).toBe(
      'no gradient flows from "y" to "x": the path ends at op "ArgMax" (node "index", output "index"), because its result is a whole number',
    )
  })

  test('a path that was declared constant', () => {
    expect(() => gradient(small(), { of: 'z', withRespectTo: 'x', constant: ['y'] })).toThrow(
      'no gradient flows from "z" to "x": the path ends at op "Add" (node "y", output "y"), because its result counts as constant',
    )
  })

  test('an open shape', () => {
    const graph = built((g, x) => g.op('ReduceMean', [x], {}, 'y'))
    const any = {
      ...graph,
      inputs: [{ name: 'x', type: 'float32' as const, shape: ['N', 3, 'height', 'width'] }],
    }
    expect(sentenceOf(any)).toBe(
      'the input "x" has an open shape ([N, 3, height, width]): bind it with shapes: { "x": [...] }',
    )
    expect(() => gradient(any, { of: 'y', withRespectTo: 'x', shapes: { x: [1, 3, 8, 8] } })).not.toThrow()
  })

  test('a shape that depends on values', () => {
    const graph = built((g, x) => {
      const shape = g.op('Cast', [g.input('size', 'float32', [4])], { to: int(7) })
      g.op('Relu', [g.op('Expand', [x, shape], {}, 'grown')], {}, 'y')
    })
    expect(sentenceOf(graph)).toBe(
      'the shape of "grown" cannot be inferred from op "Expand" (node "grown", output "grown")',
    )
  })

  test('a tensor that is not there', () => {
    const graph = built((g, x) => g.op('Relu', [x], {}, 'y'))
    expect(sentenceOf(graph, 'x', 'nothing')).toBe('there is no tensor "nothing" in the graph')
    expect(sentenceOf(graph, 'nothing')).toBe('there is no tensor "nothing" in the graph')
  })

  test('whole numbers', () => {
    const g = new GraphBuilder(emptyGraph(17))
    g.op('Cast', [g.input('pixels', 'uint8', [2])], { to: int(1) }, 'y')
    expect(sentenceOf(g.build(['y']), 'pixels')).toBe(
      '"pixels" is of type uint8, which has no gradient: take a tensor of floats next to it',
    )
  })

  test('an operator set that is too old, for all or for one operator', () => {
    expect(sentenceOf(built((g, x) => g.op('Relu', [x], {}, 'y'), 12))).toBe(
      'the graph is of operator set 12; gradients need 13 or newer',
    )
    const pooled = built(
      (g, x) => g.op('MaxPool', [x], { kernel_shape: { type: 'ints', value: [2, 2] } }, 'y'),
      13,
    )
    expect(sentenceOf(pooled)).toBe(
      'the gradient of op "MaxPool" (node "y", output "y") needs operator set 16 or newer',
    )
  })

  test('batch norm that is still training', () => {
    const graph = built((g, x) => {
      const [scale, bias, mean, variance] = ['s', 'b', 'm', 'v'].map((name) => g.input(name, 'float32', [2]))
      g.ops('BatchNormalization', [x, scale!, bias!, mean!, variance!], { training_mode: int(1) }, [
        'y',
        'm2',
        'v2',
      ])
    })
    expect(sentenceOf(graph)).toMatch(/^op "BatchNormalization" \(node "y", output "y"\) is in training mode/)
  })
})
