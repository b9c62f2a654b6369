import { InferenceSession } from 'onnxruntime-node'
import { extractSubgraph, type Graph, writeGraph } from '../../onnx/index.ts'
import { type ElementType, tensor, type Tensor } from '../../onnx/tensor.ts'

/** The value of a tensor that does not depend on the graph's inputs. */
export async function evaluate(graph: Graph, name: string): Promise<Tensor> {
  const constant = graph.initializers.get(name)
  if (constant) return constant
  const part = extractSubgraph(graph, { outputs: [name] })
  const session = await InferenceSession.create(writeGraph(part), { logSeverityLevel: 4 })
  try {
    const { type, dims, data } = (await session.run({}))[name]!
    return tensor(type as ElementType, dims, Array.from(data as Float32Array, Number))
  } finally {
    await session.release()
  }
}
