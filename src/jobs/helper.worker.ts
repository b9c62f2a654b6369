import { fitLabels } from '../clip/zero-shot.ts'
import { decodePicture } from '../pictures/decode.ts'
import { previewOf } from '../pictures/preview.ts'
import type { RawPicture } from '../pictures/picture.ts'
import { answer, ownBytes, rowsOf } from '../threads/answer.ts'

/** What has to be computed around a run of the model. */

/** Does nothing; but a thread that has run it has loaded everything it needs. */
export const load = () => answer(() => undefined)

const previewSide = 720

const owned = (picture: RawPicture) => ({ ...picture, data: ownBytes(picture.data) })
const shared = (picture: RawPicture): RawPicture => {
  const data = new Uint8Array(new SharedArrayBuffer(picture.data.length))
  data.set(picture.data)
  return { ...picture, data }
}

export const decode = (job: { picture: Uint8Array | RawPicture; side: number }) =>
  answer(
    async () => {
      const { facts, pixels, square } = await decodePicture(job.picture, {
        previewSide,
        side: job.side,
      })
      // The preview is made of the pixels while the model looks at the square.
      return { facts, pixels: shared(pixels), square: owned(square) }
    },
    ({ square }) => [square.data.buffer],
  )

export const preview = (pixels: RawPicture) =>
  answer(
    async () => owned(await previewOf(pixels, previewSide)),
    ({ data }) => [data.buffer],
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
    () => fitLabels(picture, rowsOf(texts, picture.length), logitScale),
    ({ similarities, probabilities }) => [similarities.buffer, probabilities.buffer],
  )
