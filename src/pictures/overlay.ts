import sharp from 'sharp'
import { UserError } from '../errors.ts'
import { formatOf } from './format.ts'
import type { RawPicture } from './picture.ts'
import { rawOf, sharpOf } from './raw.ts'

/** Far more than anybody's strokes need on a picture of 720 px. */
export const maxOverlayBytes = 3 * 1024 * 1024

/**
 * A picture with a transparent PNG of its own size on top.
 * @throws UserError 'bad-picture' if the overlay is anything else; it is not decoded then.
 */
export async function withOverlay(picture: RawPicture, overlay: Uint8Array): Promise<RawPicture> {
  const { width, height } = picture
  try {
    if (overlay.length > maxOverlayBytes || formatOf(overlay) !== 'png')
      throw new Error('no PNG, or too large')
    const pixels = { limitInputPixels: width * height, failOn: 'truncated' } as const
    const size = await sharp(overlay, pixels).metadata()
    if (size.width !== width || size.height !== height)
      throw new Error(`${size.width} x ${size.height} and not ${width} x ${height}`)
    const input = await sharp(overlay, pixels).ensureAlpha().raw({ depth: 'uchar' }).toBuffer()
    return await rawOf(sharpOf(picture).composite([{ input, raw: { width, height, channels: 4 } }]))
  } catch (cause) {
    throw new UserError('bad-picture', 'picture.overlay', { cause })
  }
}
