import sharp from 'sharp'
import { UserError } from '../errors.ts'
import { formatOf, isAnimatedPng } from './format.ts'
import type { PictureFacts, RawPicture } from './picture.ts'
import { cropOf, squareOf } from './square.ts'

const MAX_BYTES = 25 * 2 ** 20
const MAX_PIXELS = 50e6
/**
 * A large picture is first reduced, while it is being decoded, to no less than this many times the model's
 * side; the exact resize starts from there.
 */
const REDUCE_TO = 4
const WHITE = '#ffffff'
const formatNames = { png: 'PNG', jpeg: 'JPEG', webp: 'WebP', gif: 'GIF', avif: 'AVIF' }

// No picture is decoded twice, so a cache would only cost memory; and what waits is many pictures, not one.
sharp.cache(false)
sharp.concurrency(1)

export interface DecodedPicture {
  readonly facts: PictureFacts
  /** The whole picture, no larger than it was. */
  readonly preview: RawPicture
  /** What the model sees: side x side pixels. */
  readonly square: RawPicture
}

const bad = (message: string, cause?: unknown): UserError => new UserError('bad-picture', message, { cause })

/** Only ever makes a picture smaller. */
const scaledTo = (width: number, height: number, scale: number): { width: number; height: number } => ({
  width: Math.max(1, Math.round(width * Math.min(1, scale))),
  height: Math.max(1, Math.round(height * Math.min(1, scale))),
})

async function read(bytes: Uint8Array, smallest: (width: number, height: number) => number) {
  if (bytes.length > MAX_BYTES) {
    throw bad(`This file has ${Math.ceil(bytes.length / 2 ** 20)} MB. Send a picture of at most 25 MB.`)
  }
  const format = formatOf(bytes)
  try {
    const input = sharp(bytes, { limitInputPixels: false, failOn: 'truncated', autoOrient: true })
    const metadata = await input.metadata()
    const { width, height } = metadata.autoOrient
    if (width * height > MAX_PIXELS) {
      const megapixels = Math.ceil((width * height) / 1e6)
      throw bad(`This picture has ${megapixels} megapixels. Send one of at most 50 megapixels.`)
    }
    const animated = (metadata.pages ?? 1) > 1 || (format === 'png' && isAnimatedPng(bytes))
    const { data, info } = await input
      .flatten({ background: WHITE })
      .toColourspace('srgb')
      .resize({ ...scaledTo(width, height, smallest(width, height)), fit: 'fill', kernel: 'mitchell' })
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    const pixels: RawPicture = { width: info.width, height: info.height, data }
    return { pixels, format, width, height, animated }
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw bad(
      `This ${formatNames[format]} file is broken or cut short. Save it again or send another one.`,
      cause,
    )
  }
}

/**
 * Decodes a picture in one pass: turned as its EXIF says, on white, 8-bit sRGB, its first frame.
 * @param input a PNG, JPEG, WebP, GIF or AVIF file of at most 25 MB and 50 megapixels, or pixels.
 * @param options.previewSide the longest side of the preview in pixels.
 * @param options.side the model's side in pixels.
 * @throws UserError 'bad-picture' that says what is wrong and what to send instead.
 */
export async function decodePicture(
  input: Uint8Array | RawPicture,
  { previewSide, side }: { readonly previewSide: number; readonly side: number },
): Promise<DecodedPicture> {
  const previewScale = (width: number, height: number) => previewSide / Math.max(width, height)
  const smallest = (width: number, height: number) =>
    Math.max(previewScale(width, height), (REDUCE_TO * side) / Math.min(width, height))
  const { pixels, ...facts } =
    input instanceof Uint8Array
      ? await read(input, smallest)
      : { pixels: input, format: 'raw' as const, width: input.width, height: input.height, animated: false }
  const target = scaledTo(pixels.width, pixels.height, previewScale(pixels.width, pixels.height))
  const preview =
    target.width === pixels.width && target.height === pixels.height
      ? pixels
      : {
          ...target,
          data: await sharp(pixels.data, { raw: { width: pixels.width, height: pixels.height, channels: 3 } })
            .resize({ ...target, fit: 'fill', kernel: 'mitchell' })
            .raw()
            .toBuffer(),
        }
  return {
    facts: { ...facts, crop: cropOf(facts.width, facts.height, side) },
    preview,
    square: squareOf(pixels, side),
  }
}
