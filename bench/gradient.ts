/**
 * Forward and backward against forward only, side by side: `tsx bench/gradient.ts`. The arithmetic limit of a
 * gradient towards the picture alone is 2: each convolution once forth and once back.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceSession } from 'onnxruntime-node'
import {
  bindShapes,
  extractSubgraph,
  gradient,
  type Graph,
  readGraph,
  writeGraph,
} from '../src/onnx/index.ts'
import { clipResNet, randomFeeds, rn50x4 } from '../test/onnx/clip-resnet.ts'

const pocket = join(import.meta.dirname, '..', 'models', 'pocket', 'image.onnx')
/** What comes before the pocket model's attention, which has a fixed size. */
const pocketTrunk = '/body/body.5/Relu_2_output_0'

export interface GradientTiming {
  readonly name: string
  /** Medians in milliseconds. */
  readonly forwardMs: number
  readonly bothMs: number
  /** The median over rounds of one run divided by the other. */
  readonly ratio: number
}

/** Measures in rounds, each of one run forward and one forward and backward, on one thread. */
export async function benchGradient(): Promise<GradientTiming[]> {
  const timings: GradientTiming[] = []
  for (const [name, trunk, rounds] of await trunks()) {
    const of = trunk.outputs[0]!.name
    const both = gradient(trunk, { of, withRespectTo: 'image', keep: [of] })
    const runs = [await prepare(trunk), await prepare(both)]
    const times: number[][] = []
    for (let round = -3; round < rounds; round++) {
      const pair = [await runs[0]!(), await runs[1]!()]
      // The first rounds warm up.
      if (round >= 0) times.push(pair)
    }
    timings.push({
      name,
      forwardMs: median(times.map(([forward]) => forward!)),
      bothMs: median(times.map(([, back]) => back!)),
      ratio: median(times.map(([forward, back]) => back! / forward!)),
    })
  }
  return timings
}

const sized = (size: number): number[] => [1, 3, size, size]

async function trunks(): Promise<[string, Graph, number][]> {
  const large = [288, 224].map((size): [string, Graph, number] => [
    `RN50x4's shape, random weights, ${size} px`,
    clipResNet(rn50x4, sized(size)),
    21,
  ])
  if (!existsSync(pocket)) return large
  const model = await readGraph(pocket)
  const units = bindShapes(extractSubgraph(model, { outputs: ['activations'] }), { image: sized(112) })
  const trunk = extractSubgraph(model, { outputs: [pocketTrunk] })
  const small = [112, 128].map((size): [string, Graph, number] => [
    `pocket trunk, ${size} px`,
    bindShapes(trunk, { image: sized(size) }),
    301,
  ])
  return [...small, ['pocket, through the attention to its units, 112 px', units, 301], ...large]
}

async function prepare(graph: Graph): Promise<() => Promise<number>> {
  const session = await InferenceSession.create(writeGraph(graph), { intraOpNumThreads: 1 })
  const feeds = randomFeeds(graph)
  return async () => {
    const start = performance.now()
    await session.run(feeds)
    return performance.now() - start
  }
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

if (import.meta.filename === process.argv[1]) {
  for (const { name, forwardMs, bothMs, ratio } of await benchGradient()) {
    console.log(
      `${name}: forward ${forwardMs.toFixed(2)} ms, forward and backward ${bothMs.toFixed(2)} ms, ratio ${ratio.toFixed(2)}`,
    )
  }
}
