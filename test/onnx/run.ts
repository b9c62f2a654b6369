import { InferenceSession, Tensor } from 'onnxruntime-node'
import { type ElementType, type Graph, writeGraph } from '../../src/onnx/index.ts'

export type Feeds = Record<string, { type: ElementType; shape: readonly number[]; values: readonly number[] }>

/** A session whose inputs and outputs are plain numbers. */
export async function open(graph: Graph): Promise<(feeds: Feeds) => Promise<Record<string, number[]>>> {
  // Warnings don't matter here; without optimisation a fused operator cannot hide a wrong node.
  const session = await InferenceSession.create(writeGraph(graph), {
    logSeverityLevel: 3,
    intraOpNumThreads: 1,
  })
  return async (feeds) => {
    const tensors = Object.entries(feeds)
      .filter(([name]) => session.inputNames.includes(name))
      .map(([name, { type, shape, values }]) => [name, tensorOf(type, shape, values)])
    const results = await session.run(Object.fromEntries(tensors) as Record<string, Tensor>)
    return Object.fromEntries(
      Object.entries(results).map(([name, { data }]) => [name, Array.from(data as Float32Array, Number)]),
    )
  }
}

function tensorOf(type: ElementType, shape: readonly number[], values: readonly number[]): Tensor {
  if (type === 'float32') return new Tensor(type, Float32Array.from(values), shape)
  if (type === 'float64') return new Tensor(type, Float64Array.from(values), shape)
  if (type === 'bool') return new Tensor(type, Uint8Array.from(values), shape)
  if (type === 'int64') return new Tensor(type, BigInt64Array.from(values.map(BigInt)), shape)
  throw new Error(`a test feeds no ${type}`)
}
