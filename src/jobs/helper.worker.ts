import { fitLabels } from '../clip/zero-shot.ts'
import { decodePicture } from '../pictures/decode.ts'
import type { RawPicture } from '../pictures/picture.ts'
import { answer, ownBytes, rowsOf } from '../threads/answer.ts'

/** What there is to compute around a run of the model. */

/** Nothing; but a thread that has done it has loaded all that it needs. */
export const load = () => answer(() => undefined)

const previewSide = 720

export const decode = (job: { picture: Uint8Array | RawPicture; side: number }) =>
  answer(
    async () => {
      const { facts, preview, square } = await decodePicture(job.picture, {
        previewSide: previewSide,
        side: job.side,
      })
      return { facts, preview: { ...preview, data: ownBytes(preview.data) }, square }
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
  answer(() => fitLabels(picture, rowsOf(texts, picture.length), logitScale))
