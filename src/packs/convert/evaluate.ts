import { InferenceSession } from 'onnxruntime-node'
import {
  bytesOf,
  type ElementType,
  extractSubgraph,
  type Graph,
  type Tensor,
  writeGraph,
} from '../../onnx/index.ts'

/** The value of a tensor that does not depend on the graph's inputs. */
export async function evaluate(graph: Graph, name: string): Promise<Tensor> {
  const constant = graph.initializers.get(name)
  if (constant) return constant
  const part = extractSubgraph(graph, { outputs: [name] })
  const session = await InferenceSession.create(writeGraph(part), { logSeverityLevel: 4 })
  try {
    const { type, dims, data } = (await session.run({}))[name]!
    return { type: type as ElementType, dims, bytes: bytesOf(data as Float32Array) }
  } finally {
    await session.release()
  }
}
