import type { Sharp } from 'sharp'
import type { RawPicture } from './picture.ts'

/** The pixels that sharp comes to, without their alpha. */
export async function rawOf(picture: Sharp): Promise<RawPicture> {
  const { data, info } = await picture.removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}
