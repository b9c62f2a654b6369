import sharp from 'sharp'
import type { PictureSource } from '../../src/chat/options.ts'
import type { RawPicture } from '../../src/pictures/picture.ts'
import type { Services } from '../../src/chat/services.ts'
import { pictureSource } from './harness.ts'

const blank = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'grey' } })
  .webp()
  .toBuffer()

/** Ready-made pictures of units, for tests that are about play and not about drawing. */
export const blankGallery = { entries: [], find: () => undefined, thumbnail: async () => blank }

export const spider = 58

const sent = async ({ width, height, data }: RawPicture): Promise<PictureSource> =>
  pictureSource(
    await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer(),
  )

/** A word, black on white. */
export const drawn = async ({ cards }: Services, word: string): Promise<PictureSource> =>
  sent(await cards.draw('word', { word, side: 224 }))

/** The probe picture that fires a unit most, or the nth after it. */
export async function thing({ catalogue, probe }: Services, unit: number, n = 0): Promise<PictureSource> {
  const { item } = catalogue.tuning!.units[unit]!.pictures[n]!
  return sent(await probe.picture(probe.items[item]!))
}
