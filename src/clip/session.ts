import { InferenceSession, type Tensor } from 'onnxruntime-node'
import { badPack } from './pack.ts'

export interface EncoderOptions {
  /** An execution provider of ONNX Runtime; what it cannot run, the CPU does. */
  readonly provider: 'cpu' | 'cuda' | 'webgpu'
  /** Threads of one run on the CPU. */
  readonly threads: number
}

/** Something that runs a model: an ONNX Runtime session in this process, or a model server elsewhere. */
export interface Runner extends Pick<InferenceSession, 'inputMetadata' | 'outputMetadata' | 'release'> {
  run(
    feeds: Readonly<Record<string, Tensor>>,
    wanted: readonly string[],
  ): Promise<Readonly<Record<string, Tensor>>>
}

/**
 * Loads a model.
 * @param file names the model in errors
 * @param source its path or its bytes
 * @throws UserError 'bad-pack' on the CPU; ONNX Runtime's own error on another provider, so that the caller can try
 * the next one.
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
    // Fatal only: ONNX Runtime would print what it then throws.
    logSeverityLevel: 4,
    // Threads that spin while they wait doubled the processor time, at the cost of decoding and drawing.
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

/** The first input's name, type and shape as the model declares them; dynamic dimensions are strings. */
export const inputOf = (session: Runner): InferenceSession.TensorValueMetadata =>
  session.inputMetadata[0] as InferenceSession.TensorValueMetadata

/** The name of the output that is a row of `dimensions` numbers for each input. */
export function findEmbedding(session: Runner, dimensions: number, file: string): string {
  const rows = session.outputMetadata.filter(
    (output) => output.isTensor && output.shape.length === 2 && output.shape[1] === dimensions,
  )
  const found = rows.find(({ name }) => name === 'embedding') ?? rows[0]
  if (!found)
    throw badPack(`${file} has no output of ${dimensions} numbers: correct "dimensions" in pack.json.`)
  return found.name
}

/** The rows of a [rows, columns] array, each L2-normalised; a row of zeros stays zero. */
export function unitRows(data: Float32Array, columns: number): Float32Array[] {
  return Array.from({ length: data.length / columns }, (_, row) => {
    const vector = data.slice(row * columns, (row + 1) * columns)
    let squares = 0
    for (const value of vector) squares += value * value
    if (squares > 0) for (let i = 0; i < columns; i++) vector[i]! /= Math.sqrt(squares)
    return vector
  })
}
