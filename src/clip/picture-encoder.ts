import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { exposeOutput, readGraph, writeGraph } from '../onnx/index.ts'
import { packFiles } from './pack-schema.ts'
import { badPack, type PackModels } from './pack.ts'
import { meansOf, type UnitMeans } from './means.ts'
import type { RawPicture } from '../pictures/picture.ts'
import { preprocess } from './preprocess.ts'
import { type EncoderOptions, findEmbedding, inputOf, loadSession, type Runner, unitRows } from './session.ts'
import { mustFindTap } from './tap.ts'

/** Activations of the tapped layer before its last ReLU: [channels, height, width]. */
export interface ActivationMap {
  readonly channels: number
  readonly height: number
  readonly width: number
  readonly data: Float32Array
}

/** What the picture encoder makes of one picture, without the map of each unit: RN50x4's is 829 KB. */
export interface PooledPicture {
  readonly means: UnitMeans
  /** L2-normalised. */
  readonly embedding: Float32Array
  /** This picture's share of the time of the model's run, in milliseconds. */
  readonly modelMs: number
}

/** All that the picture encoder makes of one picture. */
export interface EncodedPicture extends PooledPicture {
  readonly map: ActivationMap
  /** Weights of an attention pool: for each head that of the mean, then of each position; [heads, positions + 1]. */
  readonly attention?: Float32Array
}

/** A picture model that has the tapped layer among its outputs. */
export interface TappedModel {
  readonly session: Runner
  /** The output's name. */
  readonly tap: string
}

/**
 * Loads a pack's picture model. If the tapped layer is not among its outputs, the graph is edited to add it.
 * @throws UserError 'bad-pack' if there is no such layer
 */
export async function loadTapped(pack: PackModels, options: EncoderOptions): Promise<TappedModel> {
  const file = join(pack.folder, packFiles.image)
  const { tap } = pack.facts
  const session = await loadSession(file, file, options)
  if (tap.tensor !== undefined && session.outputNames.includes(tap.tensor)) {
    return { session, tap: tap.tensor }
  }
  await session.release()
  const graph = await readGraph(file)
  const name = mustFindTap(graph, tap, file)
  const tapped = writeGraph(exposeOutput(graph, name))
  return { session: await loadSession(file, tapped, options), tap: name }
}

/** Whether the model leaves a dimension to its caller. */
const isDynamic = (size: number | string | undefined): boolean => typeof size !== 'number' || size < 1

/**
 * How the model wants its pictures: float32 [N,3,side,side], or uint8 [N,side,side,3] if mean and std are folded into
 * it. Some exports fix N.
 */
function readInput({ facts }: PackModels, session: Runner, file: string) {
  const { side, mean, std } = facts.picture
  const { name, type, shape } = inputOf(session)
  const is = (...wanted: number[]) =>
    shape.length === 4 && wanted.every((size, i) => isDynamic(shape[i + 1]) || shape[i + 1] === size)
  const numbers = 3 * side * side
  const atOnce = isDynamic(shape[0]) ? Infinity : Number(shape[0])
  if (type === 'float32' && is(3, side, side)) {
    const toTensor = (squares: readonly RawPicture[]) => {
      const data = new Float32Array(squares.length * numbers)
      for (const [i, square] of squares.entries())
        preprocess(square, { mean, std }, data.subarray(i * numbers, (i + 1) * numbers))
      return new Tensor(data, [squares.length, 3, side, side])
    }
    return { name, atOnce, toTensor }
  }
  if (type === 'uint8' && is(side, side, 3)) {
    const toTensor = (squares: readonly RawPicture[]) => {
      const data = new Uint8Array(squares.length * numbers)
      for (const [i, square] of squares.entries()) data.set(square.data, i * numbers)
      return new Tensor(data, [squares.length, side, side, 3])
    }
    return { name, atOnce, toTensor }
  }
  throw badPack(
    `${file} takes ${type} [${shape.join(', ')}] and not pictures of ${side} px: correct "picture" in pack.json.`,
  )
}

/** A GPU compiles its kernels for each batch size that it first meets, which takes a second or so. */
export const gpuBatches: readonly number[] = [1, 2, 4, 8]

/** To warm a model up with. */
const blanks = (count: number, side: number): RawPicture[] =>
  Array.from({ length: count }, () => ({ width: side, height: side, data: new Uint8Array(3 * side * side) }))

/** What an output says of picture i of a batch. */
function rowOf({ data }: Tensor, i: number, batch: number): Float32Array {
  const length = data.length / batch
  return (data as Float32Array).slice(i * length, (i + 1) * length)
}

export type PictureEncoder = Awaited<ReturnType<typeof openPictureEncoder>>

/**
 * @param batches the only batch sizes that the model is run with, rising, each warmed up before this returns; smaller
 * batches are padded. Any size if undefined.
 * @throws UserError 'bad-pack' if the model does not fit pack.json.
 */
export async function openPictureEncoder(
  pack: PackModels,
  { session, tap }: TappedModel,
  batches?: readonly number[],
) {
  const {
    channels,
    map: [height, width],
  } = pack.facts.tap
  const { dimensions } = pack.facts
  const file = join(pack.folder, packFiles.image)
  const input = readInput(pack, session, file)
  const embedding = findEmbedding(session, dimensions, file)
  // A model that fixes N has only one batch size.
  const sizes = input.atOnce === Infinity ? batches : undefined
  const atOnce = Math.min(input.atOnce, sizes?.at(-1) ?? Infinity)
  const attention = pack.facts.embedding === 'pool' ? ['attention'] : []
  const means = pack.facts.tap.means
  const pooled = means ? [means.before, means.after] : [tap]

  /** One run. @returns what is known about picture i. */
  async function run(squares: readonly RawPicture[], wanted: readonly string[]) {
    const size = sizes?.find((one) => one >= squares.length) ?? squares.length
    const filled = Array.from({ length: size }, (_, i) => squares[i] ?? squares.at(-1)!)
    const feeds = { [input.name]: input.toTensor(filled) }
    const start = performance.now()
    const outputs = await session.run(feeds, [...new Set([embedding, ...pooled, ...wanted])])
    const modelMs = (performance.now() - start) / squares.length
    const map = outputs[tap]
    if (map && map.dims.join() !== [size, channels, height, width].join()) {
      throw badPack(
        `${file} gives [${map.dims.join(', ')}] at "${tap}", not ${channels} maps of ${height} by ${width}: correct "tap" in pack.json.`,
      )
    }
    const embeddings = unitRows(outputs[embedding]!.data as Float32Array, dimensions)
    const row = (name: string, i: number) => rowOf(outputs[name]!, i, size)
    const mapOf = (i: number): ActivationMap => ({ channels, height, width, data: row(tap, i) })
    const pooledOf = (i: number): PooledPicture => ({
      means: means ? { before: row(means.before, i), after: row(means.after, i) } : meansOf(mapOf(i)),
      embedding: embeddings[i]!,
      modelMs,
    })
    return { row, mapOf, pooledOf }
  }

  const inRuns = async <T>(
    squares: readonly RawPicture[],
    wanted: readonly string[],
    resultOf: (found: Awaited<ReturnType<typeof run>>, i: number) => T,
  ): Promise<T[]> => {
    const results: T[] = []
    for (let at = 0; at < squares.length; at += atOnce) {
      const some = squares.slice(at, at + atOnce)
      const found = await run(some, wanted)
      results.push(...some.map((_, i) => resultOf(found, i)))
    }
    return results
  }

  for (const size of sizes ?? []) await run(blanks(size, pack.facts.picture.side), [tap])

  return {
    encode: (squares: readonly RawPicture[]): Promise<EncodedPicture[]> =>
      inRuns(squares, [tap, ...attention], (found, i) => ({
        ...found.pooledOf(i),
        map: found.mapOf(i),
        ...(attention[0] && { attention: found.row(attention[0], i) }),
      })),
    /** The same without maps; if a pack's model gives each unit's mean, maps are not even fetched from it. */
    encodePooled: (squares: readonly RawPicture[]): Promise<PooledPicture[]> =>
      inRuns(squares, [], (found, i) => found.pooledOf(i)),
    close: () => session.release(),
  }
}
