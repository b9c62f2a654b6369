import sharp from 'sharp'
import type { RawPicture } from './picture.ts'
import { rawOf, sharpOf } from './raw.ts'

/** A quality that is good enough to draw on again, at a tenth of the raw pixels' size. */
const quality = 85

/** The whole picture, its long side at most `side` pixels; it is never enlarged. */
export async function previewOf(picture: RawPicture, side: number): Promise<RawPicture> {
  const { width, height } = picture
  const scale = side / Math.max(width, height)
  if (scale >= 1) return picture
  return rawOf(
    sharpOf(picture).resize({
      width: Math.max(1, Math.round(width * scale)),
      height: Math.max(1, Math.round(height * scale)),
      fit: 'fill',
      kernel: 'cubic',
    }),
  )
}

/** A JPEG small enough to keep in the store for as long as the buttons under an answer need it. */
export const packPreview = (preview: RawPicture): Promise<Uint8Array> =>
  sharpOf(preview).jpeg({ quality }).toBuffer()

export const unpackPreview = (bytes: Uint8Array): Promise<RawPicture> => rawOf(sharp(bytes))
