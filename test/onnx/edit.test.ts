import { describe, expect, test } from 'vitest'
import {
  bindShapes,
  emptyGraph,
  exposeOutput,
  extractSubgraph,
  type Graph,
  GraphBuilder,
  int,
  type Node,
  tensor,
} from '../../src/onnx/index.ts'
import { clipResNet } from './clip-resnet.ts'
import { open } from './run.ts'

/** a and b meet in y; z needs only a. */
function twoInputs(): Graph {
  const g = new GraphBuilder(emptyGraph(17))
  const [a, b] = [g.input('a', 'float32', [2]), g.input('b', 'float32', [2])]
  const squared = g.op('Mul', [a, a], {}, 'squared')
  g.op('Add', [squared, b], {}, 'y')
  g.op('Neg', [squared], {}, 'z')
  return g.build(['y', 'z'])
}

const feed = (...values: number[]) => ({ type: 'float32' as const, shape: [values.length], values })

describe('a part of a graph', () => {
  test('holds only what its outputs need', () => {
    const part = extractSubgraph(twoInputs(), { outputs: ['z'] })
    expect(part.nodes.map(({ op }) => op)).toEqual(['Mul', 'Neg'])
    expect(part.inputs.map(({ name }) => name)).toEqual(['a'])
  })

  test('may begin in the middle', async () => {
    const part = extractSubgraph(twoInputs(), { inputs: ['squared', 'b'], outputs: ['y'] })
    expect(part.inputs).toEqual([
      { name: 'squared', type: 'float32', shape: [2] },
      { name: 'b', type: 'float32', shape: [2] },
    ])
    expect(await (await open(part))({ squared: feed(1, 2), b: feed(10, 20) })).toEqual({ y: [11, 22] })
  })

  test('that needs an input it was not given names it', () => {
    expect(() => extractSubgraph(twoInputs(), { inputs: ['a'], outputs: ['y'] })).toThrow(
      '[y] needs the input "b" as well',
    )
  })

  test('up to a tensor that is not there names it', () => {
    expect(() => extractSubgraph(twoInputs(), { outputs: ['w'] })).toThrow(
      'there is no tensor "w" in the graph',
    )
  })

  test('keeps what the branches of an If take from around them', () => {
    const graph = twoInputs()
    const branch = {
      ...emptyGraph(17),
      nodes: [{ ...graph.nodes[2]!, outputs: ['inner'] }],
      outputs: [{ name: 'inner' }],
    }
    const choice: Node = {
      op: 'If',
      domain: '',
      name: 'choice',
      inputs: ['condition'],
      outputs: ['chosen'],
      attributes: { then_branch: { type: 'graph', value: branch } },
    }
    const condition = { name: 'condition', type: 'bool' as const, shape: [] }
    const whole = { ...graph, inputs: [...graph.inputs, condition], nodes: [...graph.nodes, choice] }
    const part = extractSubgraph(whole, { outputs: ['chosen'] })
    expect(part.nodes.map(({ op }) => op)).toEqual(['Mul', 'If'])
  })
})

describe('an inner tensor as an output', () => {
  test('comes out beside the others', async () => {
    const graph = exposeOutput(twoInputs(), 'squared')
    const results = await (await open(graph))({ a: feed(2, 3), b: feed(1, 1) })
    expect(results).toEqual({ y: [5, 10], z: [-4, -9], squared: [4, 9] })
  })

  test('is not listed twice', () => {
    expect(exposeOutput(twoInputs(), 'z')).toEqual(twoInputs())
  })

  test('that is not there is named', () => {
    expect(() => exposeOutput(twoInputs(), 'w')).toThrow(
      'there is no tensor "w" in the graph that could be an output',
    )
  })
})

describe('bound shapes', () => {
  const open3 = { ...twoInputs(), inputs: [{ name: 'a', type: 'float32' as const, shape: ['N'] }] }

  test('reach the outputs, too', () => {
    const trunk = bindShapes(clipResNet({ width: 8, layers: [1, 1] }, [1, 3, 32, 32]), {
      image: [2, 3, 64, 96],
    })
    expect(trunk.inputs[0]!.shape).toEqual([2, 3, 64, 96])
    expect(trunk.outputs).toEqual([{ name: 'activations', type: 'float32', shape: [2, 64, 8, 12] }])
  })

  test('of an input that is not there, or of another rank, are refused', () => {
    expect(() => bindShapes(open3, { c: [1] })).toThrow('there is no input "c" to bind to [1]')
    expect(() => bindShapes(open3, { a: [1, 2] })).toThrow('the input "a" has 1 axes, not [1, 2]')
  })

  test('are followed through the arithmetic that exporters write', () => {
    const g = new GraphBuilder({
      ...emptyGraph(17),
      inputs: [{ name: 'x', type: 'float32', shape: ['N', 'C', 'H', 'W'] }],
    })
    // x.flatten(2), spelled out: the first two sizes and the product of the rest.
    const shape = g.op('Shape', ['x'])
    const size = (axis: number): string => g.op('Gather', [shape, g.constant(tensor('int64', [], [axis]))])
    const column = (x: string): string => g.op('Unsqueeze', [x, g.ints([0])])
    const front = g.op('Slice', [shape, g.ints([0]), g.ints([2])])
    const rest = column(g.op('Mul', [size(2), size(3)]))
    g.op('Reshape', ['x', g.op('Concat', [front, rest], { axis: int(0) })], {}, 'y')
    const graph = bindShapes(g.build(['y']), { x: [2, 3, 4, 5] })
    expect(graph.outputs).toEqual([{ name: 'y', type: 'float32', shape: [2, 3, 20] }])
  })

  test('that don’t fit a shape fixed inside the graph are refused', () => {
    const g = new GraphBuilder(emptyGraph(17))
    g.op('Reshape', [g.input('x', 'float32', [1, 6]), g.ints([2, 3])], {}, 'y')
    expect(() => bindShapes(g.build(['y']), { x: [1, 8] })).toThrow(
      /\[1, 8\] does not fill \[2, 3\].*a shape fixed in the model/,
    )
  })
})
