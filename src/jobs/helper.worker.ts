import { fitLabels } from '../clip/zero-shot.ts'
import { decodePicture } from '../pictures/decode.ts'
import type { RawPicture } from '../pictures/picture.ts'
import { answer, ownBytes } from '../threads/answer.ts'

/** What has to be computed around a run of the model. */

/** Does nothing; but a thread that has run it has loaded everything it needs. */
export const load = () => answer(() => undefined)

const previewSide = 720

const owned = (picture: RawPicture) => ({ ...picture, data: ownBytes(picture.data) })

export const decode = (job: { picture: Uint8Array | RawPicture; side: number }) =>
  answer(
    async () => {
      const { facts, preview, square } = await decodePicture(job.picture, { previewSide, side: job.side })
      return { facts, preview: owned(preview), square: owned(square) }
    },
    ({ preview, square }) => [preview.data.buffer, square.data.buffer],
  )

export interface FitJob {
  /** L2-normalised, like the texts. */
  readonly picture: Float32Array
  /** Row after row: [texts, the picture's length]. */
  readonly texts: Float32Array
  readonly logitScale: number
}

/** How well each text fits the picture. */
export const fit = ({ picture, texts, logitScale }: FitJob) =>
  answer(
    () => fitLabels(picture, texts, logitScale),
    ({ similarities, probabilities }) => [similarities.buffer, probabilities.buffer],
  )
