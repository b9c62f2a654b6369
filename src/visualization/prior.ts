import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import type { Pack } from '../clip/pack.ts'
import { type EncoderOptions, loadSession } from '../clip/session.ts'

export const PRIOR_FILE = 'prior.onnx'

/** What pictures look like that a pack knows: a denoiser that has learned it (training/prior). */
export interface Prior {
  /** Of the pictures it takes, in pixels. */
  readonly side: number
  /**
   * @param picture [3, side, side], 0 to 1, with normal noise of standard deviation `sigma` on it
   * @returns the picture that is likely under it: the mean of all that it may have been
   */
  denoise(picture: Float32Array, sigma: number): Promise<Float32Array>
  close(): Promise<void>
}

/** @returns undefined for a pack that has none */
export async function openPrior(pack: Pack, encoder: EncoderOptions): Promise<Prior | undefined> {
  if (!pack.facts.files.some(({ path }) => path === PRIOR_FILE)) return undefined
  const file = join(pack.folder, PRIOR_FILE)
  const session = await loadSession(file, file, encoder)
  const input = session.inputMetadata.find(({ name }) => name === 'picture')
  const side = input?.isTensor ? Number(input.shape[3]) : 0
  return {
    side,
    async denoise(picture, sigma) {
      const out = await session.run({
        picture: new Tensor('float32', picture, [1, 3, side, side]),
        sigma: new Tensor('float32', [sigma], [1, 1, 1, 1]),
      })
      return out['denoised']!.data as Float32Array
    },
    close: () => session.release(),
  }
}
