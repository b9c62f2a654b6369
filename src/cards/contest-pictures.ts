import type { Box, RawPicture } from '../pictures/picture.ts'
import { writingCandidates } from '../pictures/find-writing.ts'
import { laidOver, measureInk } from '../pictures/ink.ts'
import { blurredOut, mirrored, writingBoxes } from '../pictures/region.ts'

/** What is measured of an entry, and the picture that is scored for it. */
export interface InkPictures {
  /** Share of the pixels that are inked, 0 to 1. */
  readonly share: number
  /** Where the ink is, in pieces. */
  readonly writing: readonly Box[]
  /** The original with only the inked pixels on it. */
  readonly laid: RawPicture
}

/** Measures ink, which takes some 200 ms of arithmetic. @throws UserError 'bad-picture' if it is no longer the same picture. */
export function inkPictures({ original, entry }: { original: RawPicture; entry: RawPicture }): InkPictures {
  const ink = measureInk(original, entry)
  const laid = laidOver(ink)
  return { share: ink.share, writing: writingBoxes(ink.mask, laid.width, laid.height), laid }
}

/** The picture with the boxes made unreadable. */
export const unreadable = ({
  picture,
  boxes,
  how,
}: {
  picture: RawPicture
  boxes: readonly Box[]
  how: 'mirrored' | 'blurred'
}): RawPicture => (how === 'mirrored' ? mirrored(picture, boxes) : blurredOut(picture, boxes))

/** Where writing may be in a photograph, the likeliest first. */
export const writingPlaces = ({ picture, limit }: { picture: RawPicture; limit: number }): Box[] =>
  writingCandidates(picture, limit)
