import sharp, { type Sharp } from 'sharp'
import { UserError } from '../errors.ts'
import type { Key, Values } from '../language.ts'
import { formatOf, isAnimatedAvif, isAnimatedPng, type PictureFormat } from './format.ts'
import { inTheMiddle, squareOnGround } from './ground.ts'
import { mustFit } from './limits.ts'
import type { PictureFacts, RawPicture } from './picture.ts'
import { previewOf } from './preview.ts'
import { cropOf, reducedSquareOf } from './square.ts'

const maxPixels = 50e6
/** Extreme shapes cost far more than their pixels: a PNG of 1 x 50,000,000 took 28 s. */
const maxSide = 30_000
/** On an idle processor the largest picture that is accepted needs about two. */
const decodeWithinS = 10
/** A large picture is first reduced, while it is being decoded, to no less than this many times the model's side. */
const reduceTo = 2.5
/** A factor that isn't a power of two takes time. It is worth that if the halved picture were larger by this factor. */
const worth = 1.5
const white = '#ffffff'
const formatNames = { png: 'PNG', jpeg: 'JPEG', webp: 'WebP', gif: 'GIF', avif: 'AVIF' }

// No picture is decoded twice, so a cache would only cost memory; and threads are better spent on several pictures.
sharp.cache(false)
sharp.concurrency(1)

export interface DecodedPicture {
  readonly facts: PictureFacts
  /** The whole picture, for drawing on. */
  readonly preview: RawPicture
  /** What the model sees: side x side pixels. */
  readonly square: RawPicture
}

const bad = (key: Key, { values = {}, cause }: { values?: Values; cause?: unknown } = {}): UserError =>
  new UserError('bad-picture', key, { values, cause })

/** @throws UserError 'bad-picture' for a picture that is too large to decode. */
function mustBeOfSize(width: number, height: number): void {
  if (width * height > maxPixels) {
    const megapixels = Math.ceil((width * height) / 1e6)
    throw bad('picture.megapixels', { values: { megapixels } })
  }
  const long = Math.max(width, height)
  if (long > maxSide) throw bad('picture.long', { values: { long, most: maxSide } })
}

type FailOn = 'truncated' | 'warning'

const open = (bytes: Uint8Array, failOn: FailOn): Sharp =>
  sharp(bytes, { limitInputPixels: false, failOn, autoOrient: true }).timeout({ seconds: decodeWithinS })

/** The smallest share of its size to which a picture may be reduced. */
type Smallest = (width: number, height: number) => number

/**
 * To what share of its size a picture is reduced while it is decoded. A JPEG is halved in hardly any time; another factor
 * costs more than it saves, unless much less is left then.
 */
function reductionOf(width: number, height: number, smallest: Smallest): number {
  const least = Math.min(1, smallest(width, height))
  const halved = 2 ** Math.ceil(Math.log2(least))
  return halved > worth * least ? least : halved
}

async function read(bytes: Uint8Array, smallest: Smallest) {
  mustFit(bytes.length)
  const format = formatOf(bytes)
  try {
    if (format === 'jpeg') return { format, ...(await readJpeg(bytes, smallest)) }
    return { format, damaged: false, ...(await pixelsOf(bytes, format, smallest, 'truncated')) }
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw bad(whyNot(cause, bytes, format), { values: { format: formatNames[format] }, cause })
  }
}

/**
 * A JPEG that lost bytes before its end still opens, as in CLIP's own preprocessing (PIL): grey or smeared where
 * they are missing. libvips reports that only as an error, so such a picture is decoded a second time.
 */
async function readJpeg(bytes: Uint8Array, smallest: Smallest) {
  try {
    return { damaged: false, ...(await pixelsOf(bytes, 'jpeg', smallest, 'warning')) }
  } catch (cause) {
    const damaged = cause instanceof Error && cause.message.includes('Corrupt JPEG data')
    if (!damaged) throw cause
    return { damaged, ...(await pixelsOf(bytes, 'jpeg', smallest, 'truncated')) }
  }
}

async function pixelsOf(bytes: Uint8Array, format: PictureFormat, smallest: Smallest, failOn: FailOn) {
  const input = open(bytes, failOn)
  const metadata = await input.metadata()
  const { width, height } = metadata.autoOrient
  mustBeOfSize(width, height)
  const animated = (metadata.pages ?? 1) > 1 || (format === 'png' && isAnimatedPng(bytes))
  const reduction = reductionOf(width, height, smallest)
  // Rounded down, or libvips would not halve a JPEG of odd size; but not for what is off by a floating-point error.
  const reduced = (length: number) => Math.max(1, Math.floor(length * reduction + 0.01))
  const size = {
    width: reduced(width),
    height: reduced(height),
    fit: 'fill',
    kernel: 'cubic',
  } as const
  // libvips converts only 8-bit pictures to sRGB: it leaves 16 bits in the file's own profile, and ignores a grey one.
  const deep = metadata.depth === 'ushort' && metadata.icc !== undefined
  const eight = deep && (await eightBits(input.resize(size), metadata.channels < 3))
  const { data, info } = await (eight ? open(eight, failOn) : input.resize(size))
    .flatten({ background: white })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const pixels: RawPicture = { width: info.width, height: info.height, data }
  return { pixels, width, height, animated }
}

/** The same picture with 8 bits a channel, still in its own profile. */
const eightBits = (input: Sharp, grey: boolean): Promise<Uint8Array> =>
  input
    .keepIccProfile()
    .toColourspace(grey ? 'b-w' : 'srgb')
    .png({ compressionLevel: 0 })
    .toBuffer()

const jpegEnd = Buffer.from([0xff, 0xd9])

/** What to tell a person whose picture could not be decoded. */
function whyNot(cause: unknown, bytes: Uint8Array, format: PictureFormat): Key {
  const { message } = cause as Error
  if (message.startsWith('timeout')) return 'picture.slow'
  // CLIP's own preprocessing (PIL) refuses a JPEG without its end, however little is missing. libvips doesn't always
  // report that first, so the end-of-image marker is looked for as well.
  if (
    message.includes('premature end of JPEG') ||
    (format === 'jpeg' && !Buffer.from(bytes).includes(jpegEnd))
  )
    return 'picture.cutShort'
  return isAnimatedAvif(bytes) ? 'picture.animatedAvif' : 'picture.broken'
}

/**
 * Decodes a picture in one pass: turned as its EXIF says, on white, 8-bit sRGB, its first frame.
 * @param input a PNG, JPEG, WebP, GIF or AVIF file of at most 25 MB and 50 megapixels, or pixels.
 * @param options.previewSide the preview's longest side in pixels, at most.
 * @param options.side the model's side in pixels.
 * @throws UserError 'bad-picture' that says what is wrong and what to send instead.
 */
export async function decodePicture(
  input: Uint8Array | RawPicture,
  { previewSide, side }: { readonly previewSide: number; readonly side: number },
): Promise<DecodedPicture> {
  const smallest = (width: number, height: number) =>
    Math.max(previewSide / Math.max(width, height), (reduceTo * side) / Math.min(width, height))
  const { pixels, ...facts } =
    input instanceof Uint8Array
      ? await read(input, smallest)
      : {
          pixels: input,
          format: 'raw' as const,
          width: input.width,
          height: input.height,
          animated: false,
          damaged: false,
        }
  const onGround = squareOnGround(pixels)
  const [preview, square] = await Promise.all([
    previewOf(pixels, previewSide),
    onGround ? reducedSquareOf(onGround.square, side, onGround.square) : reducedSquareOf(pixels, side, facts),
  ])
  const crop = onGround
    ? inTheMiddle(facts, (onGround.isWhole ? Math.max : Math.min)(facts.width, facts.height))
    : cropOf(facts.width, facts.height, side)
  return { facts: { ...facts, crop }, preview, square }
}
