import { InferenceSession, Tensor } from 'onnxruntime-node'
import { dirname, join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { type Graph, saveBeside, type Trace } from '../../onnx/index.ts'
import { countOf, type ElementType, tensor, type Tensor as Constant } from '../../onnx/tensor.ts'

/** Tensors of up to this many elements are kept by value: shapes, axes, scales. */
const smallElements = 1024

type Outputs = Awaited<ReturnType<InferenceSession['run']>>

/** Runs a graph whose weights may be in files; the graph itself is saved beside them while it runs. */
export async function runGraph<T>(
  graph: Graph,
  folder: string,
  work: (run: (feed: Tensor) => Promise<Outputs>) => Promise<T>,
): Promise<T> {
  const path = join(folder, `${randomUUID()}.onnx`)
  await saveBeside(graph, path)
  let session: InferenceSession | undefined
  try {
    session = await InferenceSession.create(path, { graphOptimizationLevel: 'basic', logSeverityLevel: 4 })
    const [name] = session.inputNames
    const opened = session
    return await work((feed) => opened.run({ [name!]: feed }))
  } finally {
    await session?.release()
    await rm(path, { force: true })
  }
}

/** Pseudo-random pixels or tokens, the same each time. */
export function someInput(type: string, dims: readonly number[], below = 255): Tensor {
  let state = 1
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  const count = countOf(dims)
  if (type === 'uint8')
    return new Tensor(
      'uint8',
      Uint8Array.from({ length: count }, () => random() * below),
      dims,
    )
  if (type === 'int32')
    return new Tensor(
      'int32',
      Int32Array.from({ length: count }, () => random() * below),
      dims,
    )
  if (type === 'int64')
    return new Tensor(
      'int64',
      BigInt64Array.from({ length: count }, () => BigInt(Math.floor(random() * below))),
      dims,
    )
  return new Tensor(
    'float32',
    Float32Array.from({ length: count }, () => random() * 4 - 2),
    dims,
  )
}

/**
 * Runs a graph on one picture or text and records the dimensions of every tensor. Only these leave the first run and only
 * small tensors the second: all tensors of RN50x64 would be 5 GB.
 */
export async function traceGraph(graph: Graph, folder: string, feed: Tensor): Promise<Trace> {
  const names = [...new Set(graph.nodes.flatMap(({ outputs }) => outputs).filter(Boolean))]
  const measured: Graph = {
    ...graph,
    nodes: [
      ...graph.nodes,
      ...names.map((name, n) => ({
        op: 'Shape',
        domain: '',
        name: '',
        inputs: [name],
        outputs: [`shape of tensor ${n}`],
        attributes: {},
      })),
    ],
    outputs: names.map((_, n) => ({ name: `shape of tensor ${n}` })),
  }
  const dims = new Map<string, readonly number[]>([[graph.inputs[0]!.name, feed.dims]])
  for (const [name, value] of graph.initializers) dims.set(name, value.dims)
  await runGraph(measured, folder, async (run) => {
    const shapes = await run(feed)
    for (const [n, name] of names.entries())
      dims.set(name, Array.from(shapes[`shape of tensor ${n}`]!.data as BigInt64Array, Number))
  })

  const small = names.filter((name) => countOf(dims.get(name)!) <= smallElements)
  const values = new Map<string, Constant>()
  await runGraph({ ...graph, outputs: small.map((name) => ({ name })) }, folder, async (run) => {
    for (const [name, { type, dims: size, data }] of Object.entries(await run(feed)))
      if (type !== 'string')
        values.set(name, tensor(type as ElementType, size, Array.from(data as Float32Array, Number)))
  })
  return {
    dimsOf: (name) => dims.get(name) ?? [],
    valueOf: (name) => graph.initializers.get(name) ?? values.get(name),
  }
}

export const folderOf = (path: string): string => dirname(path)
