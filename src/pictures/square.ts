import { resizeWindow } from './bicubic.ts'
import type { Crop, RawPicture } from './picture.ts'

/** Python's round(): halves go to the even neighbour. CLIP's crop is computed with it. */
function roundHalfEven(value: number): number {
  const low = Math.floor(value)
  const rest = value - low
  if (rest !== 0.5) return Math.round(value)
  return low % 2 === 0 ? low : low + 1
}

/**
 * Where CLIP's reference preprocessing (torchvision's Resize on the short side, then CenterCrop) finds its
 * square: the size that the whole picture is resized to, and the crop out of that.
 */
function reference(width: number, height: number, side: number) {
  const long = Math.trunc((side * Math.max(width, height)) / Math.min(width, height))
  const [w, h] = width <= height ? [side, long] : [long, side]
  return {
    width: w,
    height: h,
    left: roundHalfEven((w - side) / 2),
    top: roundHalfEven((h - side) / 2),
    side,
  }
}

/**
 * The square that the model sees, `side` x `side` pixels, of a picture that is turned and opaque already.
 * @param original its size before it was reduced: the long side of CLIP's resize is cut down to whole pixels, so that
 * of 1080 x 2400 the square would lie a row off if it were computed from the reduced size.
 */
export const squareOf = (
  picture: RawPicture,
  side: number,
  original: Pick<RawPicture, 'width' | 'height'> = picture,
): RawPicture => resizeWindow(picture, reference(original.width, original.height, side))

/** The same square in pixels of a picture of this size, to whole pixels. */
export function cropOf(width: number, height: number, side: number): Crop {
  const { left, top, width: w, height: h } = reference(width, height, side)
  return {
    left: Math.round((left * width) / w),
    top: Math.round((top * height) / h),
    side: Math.min(width, height),
  }
}
