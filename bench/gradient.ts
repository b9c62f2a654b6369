import { InferenceSession, Tensor } from 'onnxruntime-node'
import {
  extractSubgraph,
  gradient,
  type Graph,
  GraphBuilder,
  readGraph,
  writeGraph,
} from '../src/onnx/index.ts'
import { clipResNet, normals, rn50x4 } from '../test/onnx/clip-resnet.ts'

const random = normals(1)
export async function open(graph: Graph, options: InferenceSession.SessionOptions = {}) {
  const session = await InferenceSession.create(writeGraph(graph), { intraOpNumThreads: 1, ...options })
  const feeds = Object.fromEntries(
    graph.inputs.map(({ name, shape }) => [
      name,
      new Tensor(
        'float32',
        Float32Array.from({ length: (shape as number[]).reduce((a, b) => a * b, 1) }, random),
        shape as number[],
      ),
    ]),
  )
  return async () => {
    const t = performance.now()
    await session.run(feeds)
    return performance.now() - t
  }
}
const median = (a: number[]) => a.sort((x, y) => x - y)[a.length >> 1]!
for (const size of [288, 224]) {
  const trunk = clipResNet(rn50x4, [1, 3, size, size])
  const both = gradient(trunk, { of: 'activations', withRespectTo: 'image', keep: ['activations'] })
  const f = await open(trunk, {}),
    b = await open(both, {
      optimizedModelFilePath: '/tmp/opt.onnx',
      ...(process.argv[2] === 'p' && { enableProfiling: true, profileFilePrefix: '/tmp/prof' }),
    } as object)
  const tf = [],
    tb = []
  for (let n = 0; n < 15; n++) {
    tf.push(await f())
    tb.push(await b())
  }
  console.log(size, median(tf), median(tb), median(tb) / median(tf))
}
