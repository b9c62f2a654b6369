import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import type { Pack } from '../clip/pack.ts'
import { type EncoderOptions, loadSession } from '../clip/session.ts'

export const priorFile = 'prior.onnx'

/** A denoiser that has learned what pictures look like (training/prior). */
export interface Prior {
  /** Side of the pictures that it takes, in pixels. */
  readonly side: number
  /**
   * @param picture [3, side, side], 0 to 1, with Gaussian noise of standard deviation `sigma`
   * @returns the expected picture without the noise (the posterior mean)
   */
  denoise(picture: Float32Array, sigma: number): Promise<Float32Array>
  close(): Promise<void>
}

/** @returns undefined for a pack without one */
export async function openPrior(pack: Pack, encoder: EncoderOptions): Promise<Prior | undefined> {
  if (!pack.facts.files.some(({ path }) => path === priorFile)) return undefined
  const file = join(pack.folder, priorFile)
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
