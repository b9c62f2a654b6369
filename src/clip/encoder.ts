import { join } from 'node:path'
import { packFiles, selfTestSchema } from './pack-schema.ts'
import { badPack, type Pack, readPackFile } from './pack.ts'
import { type ActivationMap, type EncodedPicture, openPictureEncoder } from './picture-encoder.ts'
import type { RawPicture } from '../pictures/picture.ts'
import { type EncoderOptions, unitRows } from './session.ts'
import { openTextEncoder } from './text-encoder.ts'

/** Other hardware may change a number of an embedding of length 1 by this much. */
const SELF_TEST_TOLERANCE = 0.005
const SELF_TEST_RUNS = 5

/** A pack's two models, loaded. A run blocks the thread it is on: it belongs on a worker thread. */
export interface Encoder {
  /** @param squares of the pack's own side; encoded in one run where the model takes batches. */
  encodePictures(squares: readonly RawPicture[]): Promise<EncodedPicture[]>
  /** Embeddings of texts as they are, without a prompt, L2-normalised. */
  encodeTexts(texts: readonly string[]): Promise<Float32Array[]>
  /**
   * Encodes the pack's self-test picture and text and compares.
   * @returns the median time of the picture encoder for one picture in milliseconds.
   * @throws UserError 'bad-pack' where a number is off, or the tapped layer is not the one that the embedding
   * is made of.
   */
  selfTest(): Promise<{ readonly modelMs: number }>
  close(): Promise<void>
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length ? Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!))) : Infinity

/** What the embedding is where it is the units: their rectified means over the places, at length 1. */
function unitStrengths({ channels, height, width, data }: ActivationMap): Float32Array {
  const places = height * width
  const strengths = new Float32Array(channels)
  for (let i = 0; i < data.length; i++) strengths[Math.floor(i / places)]! += Math.max(0, data[i]!)
  return unitRows(strengths, channels)[0]!
}

/**
 * Loads a pack's models with an execution provider.
 * @throws UserError 'bad-pack' where a model does not fit pack.json; ONNX Runtime's own error where the provider
 * is missing here.
 */
export async function createEncoder(pack: Pack, options: EncoderOptions): Promise<Encoder> {
  const pictures = await openPictureEncoder(pack, options)
  const texts = await openTextEncoder(pack, options)

  async function selfTest(): Promise<{ modelMs: number }> {
    const expected = await readPackFile(pack.folder, packFiles.selfTest, selfTestSchema)
    const { side } = pack.facts.picture
    const data = Buffer.from(expected.rgb, 'base64')
    const file = join(pack.folder, packFiles.selfTest)
    if (data.length !== 3 * side * side)
      throw badPack(`The picture in ${file} is not ${side} by ${side} pixels.`)
    const check = (name: string, embedding: ArrayLike<number>, wanted: readonly number[]) => {
      const difference = largestDifference(embedding, wanted)
      // Written so that a NaN fails too.
      if (difference <= SELF_TEST_TOLERANCE) return
      throw badPack(
        `${join(pack.folder, name)} fails its self-test on ${options.provider} (off by ${difference.toFixed(3)}): fetch the pack again or choose another provider.`,
      )
    }
    const checkUnits = ({ map, embedding }: EncodedPicture) => {
      if (largestDifference(unitStrengths(map), embedding) <= SELF_TEST_TOLERANCE) return
      throw badPack(
        `${join(pack.folder, packFiles.image)} has other units than its embedding: correct "tap" or "embedding" in pack.json.`,
      )
    }
    const times: number[] = []
    for (let i = 0; i < SELF_TEST_RUNS; i++) {
      const [encoded] = await pictures.encode([{ width: side, height: side, data }])
      check(packFiles.image, encoded!.embedding, expected.embedding)
      if (pack.facts.embedding === 'units') checkUnits(encoded!)
      times.push(encoded!.modelMs)
    }
    const [embedding] = await texts.encode([expected.text])
    check(packFiles.text, embedding!, expected.textEmbedding)
    return { modelMs: times.sort((a, b) => a - b)[Math.floor(SELF_TEST_RUNS / 2)]! }
  }

  return {
    encodePictures: (squares) => pictures.encode(squares),
    encodeTexts: (strings) => texts.encode(strings),
    selfTest,
    async close() {
      await Promise.all([pictures.close(), texts.close()])
    },
  }
}
