import { decodePicture } from '../pictures/decode.ts'
import type { RawPicture } from '../pictures/picture.ts'
import { fitLabels, sharesOf } from '../clip/zero-shot.ts'
import { rowsOf } from './rows.ts'
import { answer, ownBytes } from './thread-answer.ts'

/** What there is to compute around a run of the model. */

/** Nothing; but a thread that has done it has loaded all that it needs. */
export const load = () =>
  answer(
    () => Promise.resolve(),
    () => [],
  )

const PREVIEW_SIDE = 720

export const decode = (job: { picture: Uint8Array | RawPicture; side: number }) =>
  answer(
    async () => {
      const { facts, preview, square } = await decodePicture(job.picture, {
        previewSide: PREVIEW_SIDE,
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

/** How well each text fits the picture, and what each number adds to that: `shares` are rows like `texts`. */
export const fit = ({ picture, texts, logitScale }: FitJob) =>
  answer(
    async () => {
      const rows = rowsOf(texts, picture.length)
      const shares = new Float32Array(texts.length)
      for (const [row, text] of rows.entries()) shares.set(sharesOf(picture, text), row * picture.length)
      return { fits: fitLabels(picture, rows, logitScale), shares }
    },
    ({ shares }) => [shares.buffer],
  )
