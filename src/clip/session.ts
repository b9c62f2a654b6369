import { InferenceSession, type Tensor } from 'onnxruntime-node'
import { badPack } from './pack.ts'

export interface EncoderOptions {
  /** An execution provider of ONNX Runtime; what it cannot run, the CPU does. */
  readonly provider: 'cpu' | 'cuda' | 'webgpu'
  /** Threads of one run on the CPU. */
  readonly threads: number
}

/** What runs a model: a session of ONNX Runtime in this process, or a model server elsewhere. */
export interface Runner extends Pick<InferenceSession, 'inputMetadata' | 'outputMetadata' | 'release'> {
  run(
    feeds: Readonly<Record<string, Tensor>>,
    wanted: readonly string[],
  ): Promise<Readonly<Record<string, Tensor>>>
}

/**
 * Loads a model from `source`, its path or its bytes.
 * @throws UserError 'bad-pack' that names `file`; ONNX Runtime's own error where another provider than the CPU
 * is at fault, so that whoever chose it can try the next.
 */
export async function loadSession(
  file: string,
  source: string | Uint8Array,
  { provider, threads }: EncoderOptions,
): Promise<InferenceSession> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: [provider],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Threads that wait for work by spinning took twice the processor's time, from decoding and drawing.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  }
  try {
    return await (typeof source === 'string'
      ? InferenceSession.create(source, options)
      : InferenceSession.create(source, options))
  } catch (cause) {
    if (provider !== 'cpu') throw cause
    throw badPack(`${file} cannot be loaded as an ONNX model: fetch it again.`, { cause })
  }
}

/** A tensor's type and shape as the model declares them; sizes left open are strings. */
export const inputOf = (session: Runner): InferenceSession.TensorValueMetadata =>
  session.inputMetadata[0] as InferenceSession.TensorValueMetadata

/** The output that is a row of `dimensions` numbers for each input. */
export function findEmbedding(session: Runner, dimensions: number, file: string): string {
  const rows = session.outputMetadata.filter(
    (output) => output.isTensor && output.shape.length === 2 && output.shape[1] === dimensions,
  )
  const found = rows.find(({ name }) => name === 'embedding') ?? rows[0]
  if (!found)
    throw badPack(`${file} has no output of ${dimensions} numbers: correct "dimensions" in pack.json.`)
  return found.name
}

/** Row after row of a [rows, columns] array, each scaled to length 1; a row of zeros stays as it is. */
export function unitRows(data: Float32Array, columns: number): Float32Array[] {
  return Array.from({ length: data.length / columns }, (_, row) => {
    const vector = data.slice(row * columns, (row + 1) * columns)
    let squares = 0
    for (const value of vector) squares += value * value
    if (squares > 0) for (let i = 0; i < columns; i++) vector[i]! /= Math.sqrt(squares)
    return vector
  })
}
