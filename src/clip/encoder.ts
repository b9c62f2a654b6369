import { join } from 'node:path'
import { packFiles, reasonsFile, selfTestSchema } from './pack-schema.ts'
import { badPack, type Model, readPackFile } from './pack.ts'
import {
  type ActivationMap,
  type EncodedPicture,
  GPU_BATCHES,
  loadTapped,
  openPictureEncoder,
  type TappedModel,
} from './picture-encoder.ts'
import type { RawPicture } from '../pictures/picture.ts'
import { openReasons, type Reasons } from './reasons.ts'
import { type EncoderOptions, loadSession, type Runner, unitRows } from './session.ts'
import { openTextEncoder } from './text-encoder.ts'
import { sharesOf } from './zero-shot.ts'

/** Other hardware may change a number of an embedding of length 1 by this much. */
const SELF_TEST_TOLERANCE = 0.005
const SELF_TEST_RUNS = 5
/** Units' shares, positions and biases add up to the embedding, whose length is 1, but for rounding. */
const REASONS_TOLERANCE = 1e-4

/** A pack's two models, loaded. A run blocks the thread it is on: it belongs on a worker thread. */
export interface Encoder {
  /** @param squares of the pack's own side; encoded in one run where the model takes batches. */
  encodePictures(squares: readonly RawPicture[]): Promise<EncodedPicture[]>
  /** Embeddings of texts as they are, without a prompt, L2-normalised. */
  encodeTexts(texts: readonly string[]): Promise<Float32Array[]>
  /**
   * What each unit adds to a picture's likeness to texts (L2-normalised), exactly. Undefined for a pack whose units are
   * neither its embedding nor behind an attention pool.
   */
  readonly explain: (picture: EncodedPicture, texts: readonly Float32Array[]) => Promise<Reasons> | undefined
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
export async function createEncoder(pack: Model, options: EncoderOptions): Promise<Encoder> {
  const file = join(pack.folder, packFiles.text)
  const models = { pictures: await loadTapped(pack, options), texts: await loadSession(file, file, options) }
  return encoderOver(pack, models, options, options.provider === 'cpu' ? undefined : GPU_BATCHES)
}

/**
 * A pack's encoder over models that run here or elsewhere. Reasons are always computed here.
 * @param options `provider` names in messages what the models run on
 * @param batches as openPictureEncoder takes them
 * @throws UserError 'bad-pack' if a model does not fit pack.json.
 */
export async function encoderOver(
  pack: Model,
  models: { readonly pictures: TappedModel; readonly texts: Runner },
  options: { readonly provider: string; readonly threads: number },
  batches?: readonly number[],
): Promise<Encoder> {
  const pictures = await openPictureEncoder(pack, models.pictures, batches)
  const texts = await openTextEncoder(pack, models.texts)
  const reasons = pack.facts.embedding === 'pool' ? await openReasons(pack, options.threads) : undefined

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
    const checkReasons = async ({ map, attention, embedding }: EncodedPicture) => {
      if (!reasons) return
      // With the axes as texts, the likenesses are the embedding itself.
      const axes = Array.from(embedding, (_, n) => Float32Array.from(embedding, (__, i) => (i === n ? 1 : 0)))
      const { shares, rest } = await reasons.explain(map, attention!, axes)
      const sums = shares.map((row, n) => row.reduce((sum, share) => sum + share, rest[n]!))
      if (largestDifference(sums, embedding) <= REASONS_TOLERANCE) return
      throw badPack(
        `The units in ${join(pack.folder, reasonsFile)} do not add up to the embedding of ${packFiles.image}: fetch the pack again.`,
      )
    }
    const times: number[] = []
    for (let i = 0; i < SELF_TEST_RUNS; i++) {
      const [encoded] = await pictures.encode([{ width: side, height: side, data }])
      check(packFiles.image, encoded!.embedding, expected.embedding)
      if (pack.facts.embedding === 'units') checkUnits(encoded!)
      if (i === 0) await checkReasons(encoded!)
      times.push(encoded!.modelMs)
    }
    const [embedding] = await texts.encode([expected.text])
    check(packFiles.text, embedding!, expected.textEmbedding)
    return { modelMs: times.sort((a, b) => a - b)[Math.floor(SELF_TEST_RUNS / 2)]! }
  }

  return {
    encodePictures: (squares) => pictures.encode(squares),
    encodeTexts: (strings) => texts.encode(strings),
    explain({ map, attention, embedding }, likeTo) {
      if (attention && reasons) return reasons.explain(map, attention, likeTo)
      if (pack.facts.embedding !== 'units') return undefined
      const shares = likeTo.map((text) => sharesOf(embedding, text))
      return Promise.resolve({ shares, rest: new Float32Array(likeTo.length) })
    },
    selfTest,
    async close() {
      await Promise.all([pictures.close(), texts.close(), reasons?.close()])
    },
  }
}
