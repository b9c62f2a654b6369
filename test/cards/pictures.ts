import sharp from 'sharp'
import type { RawPicture } from '../../src/pictures/picture.ts'

/** A picture of one colour. */
export function plain(
  width: number,
  height: number,
  [r, g, b]: readonly [number, number, number],
): RawPicture {
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < data.length; i += 3) data.set([r, g, b], i)
  return { width, height, data }
}

/** Decodes a card to look at its pixels. */
export async function decoded(bytes: Uint8Array): Promise<RawPicture> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}

export const pixel = ({ width, data }: RawPicture, x: number, y: number): number[] => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
]

/** Mean of the three colours over a box, 0 to 255. */
export function brightness(
  picture: RawPicture,
  left: number,
  top: number,
  width: number,
  height: number,
): number {
  let sum = 0
  for (let y = top; y < top + height; y++) {
    for (let x = left; x < left + width; x++) sum += pixel(picture, x, y).reduce((a, b) => a + b) / 3
  }
  return sum / (width * height)
}
