import sharp, { type Sharp } from 'sharp'
import type { RawPicture } from './picture.ts'

/** A picture for sharp to work on. */
export const sharpOf = ({ width, height, data }: RawPicture): Sharp =>
  sharp(data, { raw: { width, height, channels: 3 } })

/** The pixels of sharp's result, without alpha. */
export async function rawOf(picture: Sharp): Promise<RawPicture> {
  const { data, info } = await picture.removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}
