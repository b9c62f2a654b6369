import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  emptyGraph,
  extractSubgraph,
  float,
  type Graph,
  GraphBuilder,
  GraphError,
  int,
  ints,
  readGraph,
  saveGraphs,
  string,
  tensor,
  valuesOf,
  writeGraph,
} from '../../src/onnx/index.ts'
import { encodeModel, type TensorProto } from '../../src/onnx/schema.ts'
import { clipResNet } from './clip-resnet.ts'
import { open } from './run.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'graph-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** y = W x + b, with weights large enough for a side file. */
function affine(): Graph {
  const g = new GraphBuilder(emptyGraph(17))
  const weights = g.constant(
    tensor(
      'float32',
      [32, 32],
      Float32Array.from({ length: 1024 }, (_, n) => Math.sin(n)),
    ),
  )
  const more = g.constant(
    tensor(
      'float32',
      [32, 32],
      Float32Array.from({ length: 1024 }, (_, n) => Math.cos(n)),
    ),
  )
  const x = g.input('x', 'float32', [2, 32])
  g.op('Add', [g.op('MatMul', [g.op('MatMul', [x, weights]), more]), g.scalar(0.5, 'float32')], {}, 'y')
  return g.build(['y'])
}

const feeds = {
  x: { type: 'float32' as const, shape: [2, 32], values: Array.from({ length: 64 }, (_, n) => n / 64) },
}

/** A model with one constant, `c`, stored as the file may hold it. */
const modelWith = (constant: TensorProto): Uint8Array =>
  encodeModel({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: { name: 'g', initializer: [{ name: 'c', ...constant }] },
  })

const valuesIn = async (bytes: Uint8Array): Promise<number[]> => [
  ...valuesOf((await readGraph(bytes)).initializers.get('c')!),
]

describe('a graph written and read again', () => {
  test('is the same, attributes of every kind included', async () => {
    const g = new GraphBuilder({ ...affine(), metadata: { author: 'a test' } })
    const resized = g.op(
      'Resize',
      [g.input('p', 'float32', [1, 1, 2, 2]), '', g.constant(tensor('float32', [4], [1, 1, 2, 2]))],
      {
        mode: string('cubic'),
        cubic_coeff_a: float(-0.5),
        exclude_outside: int(0),
        axes: ints([0, 1, 2, 3]),
        given: { type: 'floats', value: [0.5, 2] },
        named: { type: 'strings', value: ['a', 'ü'] },
        constant: { type: 'tensor', value: tensor('int64', [2], [-1, 2 ** 40]) },
      },
    )
    const graph = g.build(['y', resized])
    expect(await readGraph(writeGraph(graph))).toEqual(graph)
  })

  test('runs in ONNX Runtime and gives the same', async () => {
    const first = await (await open(affine()))(feeds)
    const second = await (await open(await readGraph(writeGraph(affine()))))(feeds)
    expect(second).toEqual(first)
  })

  test('keeps "to the end", which is larger than a number can hold exactly', async () => {
    const g = new GraphBuilder(emptyGraph(13))
    g.op('Identity', [g.input('x', 'float32', [1])], { end: int(2 ** 63), start: int(-(2 ** 63)) }, 'y')
    const { attributes } = (await readGraph(writeGraph(g.build(['y'])))).nodes[0]!
    expect(attributes).toEqual({ end: int(2 ** 63), start: int(-(2 ** 63)) })
  })
})

/** A 64-bit integer of 32 bits or fewer. */
const long = (value: number) => ({ low: value | 0, high: value < 0 ? -1 : 0 })

describe('constants are read in every form that a file may have them in', () => {
  test.each<[string, TensorProto, number[]]>([
    ['float32', { dataType: 1, dims: [2], floatData: [1.5, -2] }, [1.5, -2]],
    ['float64', { dataType: 11, dims: [2], doubleData: [0.1, -2] }, [0.1, -2]],
    [
      'int64',
      { dataType: 7, dims: [3], int64Data: [long(-1), long(5), { low: 0, high: 1 }] },
      [-1, 5, 2 ** 32],
    ],
    ['int32', { dataType: 6, dims: [2], int32Data: [-7, 7] }, [-7, 7]],
    ['int8', { dataType: 3, dims: [2], int32Data: [-7, 7] }, [-7, 7]],
    ['uint8', { dataType: 2, dims: [1], int32Data: [255] }, [255]],
    ['uint64', { dataType: 13, dims: [1], uint64Data: [long(9)] }, [9]],
    ['uint32', { dataType: 12, dims: [1], uint64Data: [{ low: -1, high: 0 }] }, [2 ** 32 - 1]],
    ['bool', { dataType: 9, dims: [2], int32Data: [1, 0] }, [1, 0]],
    ['float16 as bits', { dataType: 10, dims: [3], int32Data: [0x3c00, 0xc000, 0x0001] }, [1, -2, 2 ** -24]],
    ['raw float16', { dataType: 10, dims: [1], rawData: Uint8Array.of(0x00, 0x3c) }, [1]],
    [
      'raw int64',
      { dataType: 7, dims: [1], rawData: Uint8Array.of(254, 255, 255, 255, 255, 255, 255, 255) },
      [-2],
    ],
    ['raw bool', { dataType: 9, dims: [2], rawData: Uint8Array.of(0, 1) }, [0, 1]],
    ['nothing at all', { dataType: 1, dims: [0] }, []],
  ])('%s', async (_, constant, values) => {
    expect(await valuesIn(modelWith(constant))).toEqual(values)
  })

  test('every finite float16 comes back as it was', () => {
    const bits = Array.from({ length: 2 ** 16 }, (_, n) => n).filter((n) => (n & 0x7c00) !== 0x7c00)
    const half = {
      type: 'float16' as const,
      dims: [bits.length],
      bytes: new Uint8Array(Uint16Array.from(bits).buffer),
    }
    expect(tensor('float16', half.dims, [...valuesOf(half)]).bytes).toEqual(half.bytes)
  })

  test('a Constant node counts as a constant', async () => {
    const bytes = encodeModel({
      irVersion: 8,
      opsetImport: [{ version: 17 }],
      graph: {
        node: [
          { opType: 'Constant', output: ['c'], attribute: [{ name: 'value_ints', type: 7, ints: [2, 3] }] },
          { opType: 'Constant', output: ['d'], attribute: [{ name: 'value_float', type: 1, f: 0.5 }] },
        ],
      },
    })
    const { nodes, initializers } = await readGraph(bytes)
    expect(nodes).toEqual([])
    expect(initializers).toEqual(
      new Map([
        ['c', tensor('int64', [2], [2, 3])],
        ['d', tensor('float32', [], [0.5])],
      ]),
    )
  })
})

describe('weights in a side file', () => {
  test('are written beside the model and read with it', async () => {
    const path = join(folder, 'model.onnx')
    await saveGraphs({ 'model.onnx': affine() }, folder, 'model.weights')
    expect((await readFile(path)).length).toBeLessThan(2048)
    expect((await readFile(join(folder, 'model.weights'))).length).toBe(8192)
    expect((await readGraph(path)).initializers).toEqual(affine().initializers)
  })

  test('are found by ONNX Runtime', async () => {
    const path = join(folder, 'again.onnx')
    await saveGraphs({ 'again.onnx': affine() }, folder, 'again.weights')
    const session = await InferenceSession.create(path)
    expect(session.outputNames).toEqual(['y'])
  })

  test('cannot be read from bytes alone', async () => {
    const path = join(folder, 'bytes.onnx')
    await saveGraphs({ 'bytes.onnx': affine() }, folder, 'bytes.weights')
    await expect(readGraph(await readFile(path))).rejects.toThrow(
      /are in a side file \("bytes.weights"\): read the model by its path/,
    )
  })

  test.each(['../secret', '/etc/passwd', 'inner/../../secret', ''])(
    'must not be outside the folder: %s',
    async (location) => {
      const path = join(folder, 'outside.onnx')
      const externalData = [{ key: 'location', value: location }]
      await writeFile(path, modelWith({ dataType: 1, dims: [1], dataLocation: 1, externalData }))
      await expect(readGraph(path)).rejects.toThrow(/point outside the model's folder/)
    },
  )

  test.each([
    ['missing', 'nothing.weights', /"c" cannot be opened/],
    ['too short', 'short.weights', /ends before the weights "c" do/],
  ])('that is %s is named', async (_, location, message) => {
    await writeFile(join(folder, 'short.weights'), Buffer.alloc(2))
    const path = join(folder, 'broken.onnx')
    const externalData = Object.entries({ location, offset: '0', length: '4' }).map(([key, value]) => ({
      key,
      value,
    }))
    await writeFile(path, modelWith({ dataType: 1, dims: [1], dataLocation: 1, externalData }))
    await expect(readGraph(path)).rejects.toThrow(message)
  })
})

describe('what we can’t read as a graph is refused with one sentence', () => {
  test.each<[string, string | Uint8Array, RegExp]>([
    ['a missing file', '/nowhere/model.onnx', /^the model "\/nowhere\/model.onnx" cannot be read$/],
    ['text', Buffer.from('hello, this is text'), /^what was given is not an ONNX model$/],
    ['nothing', new Uint8Array(), /^what was given is not an ONNX model$/],
    [
      'strings',
      modelWith({ dataType: 8, dims: [1], stringData: [Buffer.from('a')] }),
      /"c" has ONNX element type 8/,
    ],
    [
      'too few bytes',
      modelWith({ dataType: 1, dims: [2], floatData: [1] }),
      /"c" of float32 \[2\] has 4 bytes/,
    ],
  ])('%s', async (_, source, message) => {
    await expect(readGraph(source)).rejects.toThrow(message)
    await expect(readGraph(source)).rejects.toBeInstanceOf(GraphError)
  })

  test('a file cut short', async () => {
    const whole = writeGraph(clipResNet({ width: 8, layers: [1, 1] }, [1, 3, 32, 32]))
    await expect(readGraph(whole.subarray(0, whole.length / 2))).rejects.toThrow(GraphError)
  })
})

test('weights are not copied when a part of a graph is taken', () => {
  const graph = affine()
  const part = extractSubgraph(graph, { outputs: ['y'] })
  for (const [name, constant] of part.initializers) expect(constant).toBe(graph.initializers.get(name))
})
