import { join } from 'node:path'
import { packFiles } from './pack-schema.ts'
import type { PackModels } from './pack.ts'
import {
  type EncodedPicture,
  gpuBatches,
  loadTapped,
  openPictureEncoder,
  type PooledPicture,
  type TappedModel,
} from './picture-encoder.ts'
import type { RawPicture } from '../pictures/picture.ts'
import { openReasons, type Reasons } from './reasons.ts'
import { selfTest } from './self-test.ts'
import { type EncoderOptions, loadSession, type Runner } from './session.ts'
import { openTextEncoder } from './text-encoder.ts'
import { sharesOf } from './zero-shot.ts'

/** A pack's two models, loaded. A run blocks the thread it is on: it belongs on a worker thread. */
export interface Encoder {
  /** @param squares of the pack's own side; encoded in one run if the model takes batches. */
  encodePictures(squares: readonly RawPicture[]): Promise<EncodedPicture[]>
  /** The same without maps and what explains them. */
  encodePooled(squares: readonly RawPicture[]): Promise<PooledPicture[]>
  /** Embeddings of texts without a prompt around them, L2-normalised. */
  encodeTexts(texts: readonly string[]): Promise<Float32Array[]>
  /**
   * What each unit adds to a picture's similarity to texts (L2-normalised): an exact attribution. Undefined for a pack
   * whose units are neither its embedding nor followed by an attention pool.
   */
  readonly explain: (
    picture: Pick<PooledPicture, 'embedding'> & Partial<EncodedPicture>,
    texts: readonly Float32Array[],
  ) => Promise<Reasons> | undefined
  /** As self-test.ts says. @returns the median time of the picture encoder for one picture in milliseconds. */
  selfTest(): Promise<{ readonly modelMs: number }>
  close(): Promise<void>
}

/**
 * Loads a pack's models with an execution provider.
 * @throws UserError 'bad-pack' if a model does not fit pack.json; ONNX Runtime's own error if the provider is missing
 * here.
 */
export async function createEncoder(pack: PackModels, options: EncoderOptions): Promise<Encoder> {
  const file = join(pack.folder, packFiles.text)
  const models = { pictures: await loadTapped(pack, options), texts: await loadSession(file, file, options) }
  return encoderOver(pack, models, options, options.provider === 'cpu' ? undefined : gpuBatches)
}

/**
 * A pack's encoder over models that run here or elsewhere. Attributions are always computed here.
 * @param options `provider` is what messages call the thing that the models run on
 * @param batches as openPictureEncoder takes them
 * @throws UserError 'bad-pack' if a model does not fit pack.json.
 */
export async function encoderOver(
  pack: PackModels,
  models: { readonly pictures: TappedModel; readonly texts: Runner },
  options: { readonly provider: string; readonly threads: number },
  batches?: readonly number[],
): Promise<Encoder> {
  const pictures = await openPictureEncoder(pack, models.pictures, batches)
  const texts = await openTextEncoder(pack, models.texts)
  const reasons = pack.facts.embedding === 'pool' ? await openReasons(pack, options.threads) : undefined

  return {
    encodePictures: (squares) => pictures.encode(squares),
    encodePooled: (squares) => pictures.encodePooled(squares),
    encodeTexts: (strings) => texts.encode(strings),
    explain({ map, attention, embedding }, likeTo) {
      if (map && attention && reasons) return reasons.explain(map, attention, likeTo)
      if (pack.facts.embedding !== 'units') return undefined
      const shares = likeTo.map((text) => sharesOf(embedding, text))
      return Promise.resolve({ shares, rest: new Float32Array(likeTo.length) })
    },
    selfTest: () => selfTest(pack, { pictures, texts, reasons, provider: options.provider }),
    async close() {
      await Promise.all([pictures.close(), texts.close(), reasons?.close()])
    },
  }
}
