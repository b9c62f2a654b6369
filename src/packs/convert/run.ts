import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { type Graph, GraphError, saveBeside } from '../../onnx/index.ts'
import { compare } from './compare.ts'

/** A model as it was exported: what a converted one is compared with. */
export interface Exported {
  /** Where its weights are. */
  readonly folder: string
  /** The part up to the embedding before it is scaled to length 1, its only output. */
  readonly graph: Graph
  /** This many inputs, the same each time. */
  readonly feed: (count: number) => Tensor
}

/** How far float32 may be off if sums are computed in another order, and how far weights of 16 bits. */
export const floatTolerance = 1e-4
export const halfTolerance = 2e-2

/**
 * Compares a converted model, as it was saved, with what it was made from: on two inputs at once, which the export gets
 * one after the other, because its batch may be fixed. Weights stay in their files, so this takes little more memory
 * than one model.
 *
 * @param output the name of the converted model's embedding
 * @throws GraphError if they disagree
 */
export async function checkAgreement(
  exported: Exported,
  path: string,
  output: string,
  tolerance: number,
): Promise<void> {
  const both = exported.feed(2)
  const [one, other] = separate(both)
  const [raw] = exported.graph.outputs
  const theirs = await runGraph(exported.graph, exported.folder, async (run) => [
    ...(await run(one!, raw!.name)),
    ...(await run(other!, raw!.name)),
  ])
  const ours = await runModel(path, (run) => run(both, output))
  const difference = compare(ours, theirs)
  if (!(difference <= tolerance))
    throw new GraphError(
      `converted, it gives different embeddings than before (off by ${difference.toExponential(1)})`,
    )
}

type Run = (feed: Tensor, output: string) => Promise<Float32Array>

/** Runs a graph whose weights may be in files; the graph itself is saved beside them while it runs. */
async function runGraph<T>(graph: Graph, folder: string, work: (run: Run) => Promise<T>): Promise<T> {
  const path = join(folder, `${randomUUID()}.onnx`)
  await saveBeside(graph, path)
  try {
    return await runModel(path, work)
  } finally {
    await rm(path, { force: true })
  }
}

async function runModel<T>(path: string, work: (run: Run) => Promise<T>): Promise<T> {
  // More optimising copies weights.
  const session = await InferenceSession.create(path, {
    graphOptimizationLevel: 'basic',
    logSeverityLevel: 4,
  })
  try {
    const [input] = session.inputNames
    return await work(
      async (feed, output) => (await session.run({ [input!]: feed }, [output]))[output]!.data as Float32Array,
    )
  } finally {
    await session.release()
  }
}

function separate({ type, dims: [count = 0, ...dims], data }: Tensor): Tensor[] {
  const size = data.length / count
  return Array.from(
    { length: count },
    (_, n) =>
      new Tensor(type as 'float32', data.slice(n * size, (n + 1) * size) as Float32Array, [1, ...dims]),
  )
}

/** Pseudo-random pixels or tokens, the same each time. */
export function someInput(type: string, dims: readonly number[], below = 255): Tensor {
  let state = 1
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32
  const length = dims.reduce((all, size) => all * size, 1)
  const whole = () => Math.floor(random() * below)
  if (type === 'uint8') return new Tensor('uint8', Uint8Array.from({ length }, whole), dims)
  if (type === 'int32') return new Tensor('int32', Int32Array.from({ length }, whole), dims)
  if (type === 'int64')
    return new Tensor(
      'int64',
      BigInt64Array.from({ length }, () => BigInt(whole())),
      dims,
    )
  return new Tensor(
    'float32',
    Float32Array.from({ length }, () => random() * 4 - 2),
    dims,
  )
}

export const folderOf = (path: string): string => dirname(path)
