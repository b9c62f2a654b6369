import sharp from 'sharp'
import type { RawPicture } from './picture.ts'

/** Good enough to draw on again, at a tenth of the raw pixels' size. */
const quality = 85

/** A JPEG small enough to keep in the store for as long as the buttons under an answer need it. */
export const packPreview = ({ width, height, data }: RawPicture): Promise<Uint8Array> =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer()

export async function unpackPreview(bytes: Uint8Array): Promise<RawPicture> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}
