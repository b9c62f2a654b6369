import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { decodePicture } from '../../src/pictures/decode.ts'
import type { RawPicture } from '../../src/pictures/picture.ts'
import { squareOf } from '../../src/pictures/square.ts'
import { chunk, linearGrey, png } from './png.ts'

const decode = (input: Uint8Array | RawPicture) => decodePicture(input, { previewSide: 720, side: 112 })

/** Left half red, right half blue, 60 x 40. */
const twoColours = (): Sharp =>
  sharp({ create: { width: 60, height: 40, channels: 3, background: 'blue' } }).composite([
    { input: { create: { width: 30, height: 40, channels: 3, background: 'red' } }, left: 0, top: 0 },
  ])

/** Grey levels from 28 to 227, the same for the same seed. */
function noise(width: number, height: number, seed = 1): Sharp {
  let state = seed
  const pixels = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0 // Numerical Recipes' generator
    return 28 + (state >>> 24) * (200 / 256)
  })
  return sharp(pixels, { raw: { width, height, channels: 3 } })
}

function pixel({ width, data }: RawPicture, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)]
}

/** The largest difference between two colours. */
const apart = (a: number[], b: number[]): number => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)))

/** Lossy formats and colour conversions come close, not equal. */
const near = 6

const red = [255, 0, 0]
const blue = [0, 0, 255]

/** A picture of one colour with a red box on it. */
const box = (
  width: number,
  height: number,
  at: { left: number; top: number; width: number; height: number },
) =>
  sharp({ create: { width, height, channels: 3, background: '#f0e0d0' } }).composite([
    { input: { create: { ...at, channels: 3, background: 'red' } }, left: at.left, top: at.top },
  ])

describe('what the model sees of a wide or tall picture', () => {
  const cropOf = async (picture: Sharp) => (await decode(await picture.png().toBuffer())).facts.crop

  test('on a plain background all of it, if the square in the middle would cut something off', async () => {
    const word = box(700, 400, { left: 60, top: 150, width: 580, height: 90 })
    const { facts, square } = await decode(await word.jpeg({ quality: 80 }).toBuffer())
    expect(facts.crop).toEqual({ left: 0, top: -150, side: 700 })
    // The background goes on beyond the picture, and none of the box is lost.
    for (const [x, y] of [
      [1, 1],
      [110, 110],
      [3, 56],
    ] as const)
      expect(apart(pixel(square, x, y), [0xf0, 0xe0, 0xd0])).toBeLessThanOrEqual(near)
    for (const [x, y] of [
      [13, 55],
      [99, 55],
    ] as const)
      expect(apart(pixel(square, x, y), red)).toBeLessThanOrEqual(2 * near)
    expect(await cropOf(box(300, 900, { left: 20, top: 30, width: 100, height: 40 }))).toEqual({
      left: -300,
      top: 0,
      side: 900,
    })
  })

  test('the middle, if everything is there; also of a long strip, and of a photograph', async () => {
    const middle = box(700, 400, { left: 200, top: 100, width: 300, height: 200 })
    expect(await cropOf(middle)).toEqual({ left: 150, top: 0, side: 400 })
    const strip = box(2000, 400, { left: 20, top: 100, width: 300, height: 200 })
    expect(await cropOf(strip)).toEqual({ left: 800, top: 0, side: 400 })
    expect(await cropOf(noise(700, 400))).toEqual({ left: 150, top: 0, side: 400 })
  })

  test('the place of the square is given in the picture’s own pixels, even if it is large', async () => {
    expect(await cropOf(box(3500, 2000, { left: 300, top: 700, width: 2900, height: 400 }))).toEqual({
      left: 0,
      top: -750,
      side: 3500,
    })
  })
})

describe('pictures that are accepted', () => {
  test.each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)('%s', async (format) => {
    const { facts, preview, square } = await decode(await twoColours().toFormat(format).toBuffer())
    expect(facts).toEqual({
      format,
      width: 60,
      height: 40,
      animated: false,
      damaged: false,
      crop: { left: 10, top: 0, side: 40 },
    })
    expect([preview.width, preview.height]).toEqual([60, 40])
    expect([square.width, square.height, square.data.length]).toEqual([112, 112, 112 * 112 * 3])
    expect(apart(pixel(preview, 5, 20), red)).toBeLessThanOrEqual(near)
    expect(apart(pixel(preview, 55, 20), blue)).toBeLessThanOrEqual(near)
    expect(apart(pixel(square, 20, 56), red)).toBeLessThanOrEqual(near)
    expect(apart(pixel(square, 92, 56), blue)).toBeLessThanOrEqual(near)
  })

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('turned as EXIF orientation %i says', async (orientation) => {
    // Red is left, right, right, left, up, up, down, down: TIFF 6.0 on its Orientation field.
    const place = { 1: 'left', 2: 'right', 3: 'right', 4: 'left', 5: 'up', 6: 'up', 7: 'down', 8: 'down' }
    const { facts, preview } = await decode(
      await twoColours().withMetadata({ orientation }).jpeg().toBuffer(),
    )
    expect([facts.width, facts.height]).toEqual(orientation < 5 ? [60, 40] : [40, 60])
    const reds = {
      left: pixel(preview, 3, preview.height >> 1),
      right: pixel(preview, preview.width - 4, preview.height >> 1),
      up: pixel(preview, preview.width >> 1, 3),
      down: pixel(preview, preview.width >> 1, preview.height - 4),
    }
    expect(apart(reds[place[orientation as 1] as 'left'], red)).toBeLessThanOrEqual(near)
  })

  test('an EXIF orientation that does not exist counts as none', async () => {
    const bytes = await twoColours()
      .withExif({ IFD0: { Orientation: '99' } })
      .jpeg()
      .toBuffer()
    const { facts } = await decode(bytes)
    expect([facts.width, facts.height]).toEqual([60, 40])
  })

  test('transparent places are white', async () => {
    const half = { r: 255, g: 0, b: 0, alpha: 0.5 }
    const bytes = await sharp({ create: { width: 20, height: 20, channels: 4, background: half } })
      .extend({ left: 20, background: { r: 0, g: 0, b: 0, alpha: 0 } })
      .png()
      .toBuffer()
    const { preview } = await decode(bytes)
    expect(apart(pixel(preview, 5, 5), [255, 255, 255])).toBeLessThanOrEqual(0)
    expect(apart(pixel(preview, 30, 5), [255, 127, 127])).toBeLessThanOrEqual(1)
  })

  test('grey with transparency, 8 and 16 bits', async () => {
    const eight = await decode(
      png(2, 2, Buffer.from([0, 100, 255, 100, 0, 0, 100, 255, 100, 0]), { colour: 4 }),
    )
    expect(pixel(eight.preview, 0, 0)).toEqual([100, 100, 100])
    expect(pixel(eight.preview, 1, 0)).toEqual([255, 255, 255])
    const sixteen = await decode(
      png(2, 1, Buffer.from([0, 100, 0, 255, 255, 100, 0, 0, 0]), { colour: 4, bits: 16 }),
    )
    expect(pixel(sixteen.preview, 0, 0)).toEqual([100, 100, 100])
    expect(pixel(sixteen.preview, 1, 0)).toEqual([255, 255, 255])
  })

  test('16 bits a channel', async () => {
    const { preview } = await decode(png(1, 1, Buffer.from([0, 200, 0, 100, 0, 50, 0]), { bits: 16 }))
    expect(apart(pixel(preview, 0, 0), [200, 100, 50])).toBeLessThanOrEqual(1)
  })

  /** The mean difference in grey levels of what the model sees of two files. */
  async function offBy(a: Uint8Array, b: Uint8Array): Promise<number> {
    const [one, other] = (await Promise.all([decode(a), decode(b)])).map(({ square }) => square.data)
    return one!.reduce((sum, value, i) => sum + Math.abs(value - other![i]!), 0) / one!.length
  }

  test.each(['srgb', 'p3'])('16 bits a channel in the profile %s, as with 8 bits', async (profile) => {
    const eight = await twoColours().png().toBuffer()
    const sixteen = await twoColours().toColourspace('rgb16').withIccProfile(profile).png().toBuffer()
    expect(await sharp(sixteen).metadata()).toMatchObject({ depth: 'ushort', hasProfile: true })
    expect(await offBy(sixteen, eight)).toBeLessThan(1)
  })

  test.each([8, 16])('grey with a linear profile, %i bits: half of the light is 188', async (bits) => {
    const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(4 * (bits / 8), 0x80)])
    const iccp = Buffer.concat([Buffer.from('grey\0\0'), deflateSync(linearGrey())])
    const bytes = png(4, 1, row, { colour: 0, bits, chunks: [chunk('iCCP', iccp)] })
    const { preview } = await decode(bytes)
    expect(apart(pixel(preview, 1, 0), [188, 188, 188])).toBeLessThanOrEqual(1)
  })

  test('a phone’s screenshot: the same square as the reference, though the picture is shrunk first', async () => {
    const lines = Array.from({ length: 150 }, (_, i) => `<rect y="${i * 16}" width="1080" height="8"/>`)
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1080" height="2400"><rect width="1080" height="2400" fill="white"/>${lines.join('')}</svg>`
    const shot = sharp(Buffer.from(svg)).removeAlpha()
    const { data, info } = await shot.clone().raw().toBuffer({ resolveWithObject: true })
    const { square } = await decode(await shot.png().toBuffer())
    const whole = squareOf({ width: info.width, height: info.height, data }, 112).data
    const off = square.data.reduce((sum, value, i) => sum + Math.abs(value - whole[i]!), 0) / whole.length
    expect(off).toBeLessThan(3)
  })

  test('CMYK', async () => {
    const bytes = await twoColours().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer()
    expect((await sharp(bytes).metadata()).space).toBe('cmyk')
    const { preview } = await decode(bytes)
    const [r, g, b] = pixel(preview, 5, 20) as [number, number, number]
    expect(r).toBeGreaterThan(200)
    expect(Math.max(g, b)).toBeLessThan(80)
  })

  test('palettes, even with one bit', async () => {
    expect(
      apart(pixel((await decode(await twoColours().png({ palette: true }).toBuffer())).preview, 5, 5), red),
    ).toBeLessThanOrEqual(near)
    const { preview } = await decode(png(8, 1, Buffer.from([0, 0b10101010]), { bits: 1, colour: 0 }))
    expect([pixel(preview, 0, 0), pixel(preview, 1, 0)]).toEqual([
      [255, 255, 255],
      [0, 0, 0],
    ])
  })

  test.each(['gif', 'webp'] as const)(
    'the first frame of an animated %s, and that it is one',
    async (format) => {
      const frames = await Promise.all(
        ['red', 'blue', 'blue'].map((background) =>
          sharp({ create: { width: 30, height: 20, channels: 3, background } })
            .png()
            .toBuffer(),
        ),
      )
      const bytes = await sharp(frames, { join: { animated: true } })
        .toFormat(format)
        .toBuffer()
      const { facts, preview } = await decode(bytes)
      expect(facts).toMatchObject({ format, width: 30, height: 20, animated: true })
      expect(apart(pixel(preview, 15, 10), red)).toBeLessThanOrEqual(near)
    },
  )

  test('the first picture of an animated PNG, and that it is one', async () => {
    const bytes = png(1, 1, Buffer.from([0, 255, 0, 0]), {
      chunks: [chunk('acTL', Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]))],
    })
    const { facts, preview } = await decode(bytes)
    expect(facts.animated).toBe(true)
    expect(pixel(preview, 0, 0)).toEqual(red)
  })

  test('1 x 1 pixel', async () => {
    const { facts, preview, square } = await decode(png(1, 1, Buffer.from([0, 10, 20, 30])))
    expect(facts.crop).toEqual({ left: 0, top: 0, side: 1 })
    expect([preview.width, preview.height]).toEqual([1, 1])
    expect(pixel(square, 111, 111)).toEqual([10, 20, 30])
  })

  test.each([
    [1, 20000],
    [20000, 1],
  ])('%i x %i pixels: the middle one is what the model sees', async (width, height) => {
    const { facts, preview, square } = await decode(
      png(width, height, Buffer.alloc((width * 3 + 1) * height)),
    )
    expect(facts.crop).toEqual({ left: width >> 1, top: height >> 1, side: 1 })
    expect(Math.max(preview.width, preview.height)).toBe(720)
    expect(Math.min(preview.width, preview.height)).toBe(1)
    expect(square.data.every((value) => value === 0)).toBe(true)
  })

  test('a large picture comes with a preview of 720 pixels, and with its own size', async () => {
    const { facts, preview } = await decode(await noise(2000, 1000).jpeg().toBuffer())
    expect(facts).toMatchObject({ width: 2000, height: 1000, crop: { left: 500, top: 0, side: 1000 } })
    expect([preview.width, preview.height]).toEqual([720, 360])
  })

  test('pixels that we made ourselves go the same way', async () => {
    const { data, info } = await noise(300, 200).raw().toBuffer({ resolveWithObject: true })
    const raw = await decode({ width: info.width, height: info.height, data })
    const file = await decode(await sharp(data, { raw: info }).png().toBuffer())
    expect(raw.facts).toEqual({ ...file.facts, format: 'raw' })
    expect(raw.square).toEqual(file.square)
  })

  test('what hides in chunks beside the pixels is not unpacked', async () => {
    const zeros = deflateSync(Buffer.alloc(300e6))
    const bomb = (type: string) => chunk(type, Buffer.concat([Buffer.from('a\0\0', 'latin1'), zeros]))
    const before = process.memoryUsage().rss
    for (const type of ['zTXt', 'iCCP']) {
      const bytes = png(1, 1, Buffer.from([0, 1, 2, 3]), { chunks: [bomb(type)] })
      expect(pixel((await decode(bytes)).preview, 0, 0)).toEqual([1, 2, 3])
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(150e6)
  })
})

describe('pictures that are refused with one sentence, before they are decoded', () => {
  const files = new Map<string, Buffer>()
  const instead = 'Send a PNG, JPEG, WebP, GIF or AVIF picture instead.'

  beforeAll(async () => {
    for (const format of ['png', 'jpeg', 'webp', 'gif', 'avif'] as const) {
      const whole = await noise(200, 150).toFormat(format).toBuffer()
      files.set(`half a ${format}`, whole.subarray(0, whole.length >> 1))
      files.set(`a ${format} without its last 40 bytes`, whole.subarray(0, whole.length - 40))
    }
    const damaged = Buffer.from(await noise(200, 150).png().toBuffer())
    damaged[damaged.length >> 1]! ^= 255
    files.set('a damaged png', damaged)
    files.set('tiff', await noise(20, 20).tiff().toBuffer())
  })

  test.each([
    ['an empty file', Buffer.alloc(0), `The file is empty. ${instead}`],
    ['text named .png', Buffer.from('not a picture\n'), `This file is a text file. ${instead}`],
    [
      'an SVG with an external link',
      Buffer.from(
        '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1/a.png"/></svg>',
      ),
      `This file is an SVG drawing. ${instead}`,
    ],
    [
      'a HEIC photo',
      Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'),
      `This file is a HEIC photo. ${instead}`,
    ],
    ['a PDF', Buffer.from('%PDF-1.7\n'), `This file is a PDF. ${instead}`],
    ['a BMP', Buffer.from('BM\x46\0\0\0\0\0\0\0', 'latin1'), `This file is a BMP. ${instead}`],
    ['a web page', Buffer.from('<!DOCTYPE html><html></html>'), `This file is a web page. ${instead}`],
    [
      'a video',
      Buffer.from('\0\0\0\x14ftypisom\0\0\0\0mp42', 'latin1'),
      `This file is a video or audio file. ${instead}`,
    ],
    ['an archive', Buffer.from('PK\x03\x04\x14\0\0\0', 'latin1'), `This file is an archive. ${instead}`],
    [
      'nothing known',
      Buffer.from([1, 2, 3, 4, 5, 0, 255]),
      `This file is not a picture that I know. ${instead}`,
    ],
    [
      '100 megapixels',
      png(10_000, 10_000, Buffer.alloc(1000)),
      'This picture has 100 megapixels. Send one of at most 50 megapixels.',
    ],
    [
      'a zip bomb: 30 kB that would unpack to 3,600 megapixels',
      png(60_000, 60_000, Buffer.alloc(30e6), { bits: 1, colour: 0 }),
      'This picture has 3,600 megapixels. Send one of at most 50 megapixels.',
    ],
    [
      'more than 25 MB',
      Buffer.concat([Buffer.from('\xff\xd8\xff', 'latin1'), Buffer.alloc(26 * 2 ** 20)]),
      'This file is 27 MB. Send a picture of at most 25 MB.',
    ],
    [
      'the first bytes of a JPEG and no more',
      Buffer.from('\xff\xd8\xff', 'latin1'),
      "This JPEG file is cut short: its end is missing, so the model would see a part that isn't there. Save it again or send another one.",
    ],
    [
      'a PNG without width',
      png(0, 4, Buffer.alloc(4)),
      'This PNG file is broken or cut short. Save it again or send another one.',
    ],
    [
      'a PNG that holds fewer rows than it says',
      png(3000, 3000, Buffer.alloc(1000)),
      'This PNG file is broken or cut short. Save it again or send another one.',
    ],
    [
      'one column of 50,000,000 pixels',
      png(1, 50_000_000, Buffer.alloc(1000)),
      'This picture is 50,000,000 pixels long. Send one of at most 30,000 pixels a side.',
    ],
    [
      'one row of 50,000,000 pixels',
      png(50_000_000, 1, Buffer.alloc(1000)),
      'This picture is 50,000,000 pixels long. Send one of at most 30,000 pixels a side.',
    ],
    [
      'an animated AVIF',
      readFileSync(join(import.meta.dirname, 'animated.avif')),
      'This is an animated AVIF, and I can open only still ones. Send a still picture, a GIF or a WebP instead.',
    ],
  ])('%s', async (_name, bytes, sentence) => {
    const before = process.memoryUsage().rss
    await expect(decode(bytes)).rejects.toMatchObject({ code: 'bad-picture', message: sentence })
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6)
  })

  test('a TIFF', async () => {
    await expect(decode(files.get('tiff')!)).rejects.toThrow(`This file is a TIFF. ${instead}`)
  })

  test.each(
    ['png', 'webp', 'gif', 'avif'].flatMap((format) => [
      `half a ${format}`,
      `a ${format} without its last 40 bytes`,
    ]),
  )('%s', async (name) => {
    const broken =
      /^This (PNG|WebP|GIF|AVIF) file is broken or cut short\. Save it again or send another one\.$/
    await expect(decode(files.get(name)!)).rejects.toThrow(broken)
  })

  const cutShort =
    "This JPEG file is cut short: its end is missing, so the model would see a part that isn't there. Save it again or send another one."

  test.each([40, 5000])('a JPEG without its last %i bytes, as PIL refuses it', async (missing) => {
    const whole = await noise(200, 150).jpeg().toBuffer()
    await expect(decode(whole.subarray(0, -missing))).rejects.toThrow(cutShort)
  })

  test('a JPEG without its end marker, unless all of its pixels come before that, as PIL does', async () => {
    // The last pixels may be complete before libjpeg needs to read on: true of one picture in eleven, in PIL as here.
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, async (_, seed) => {
        const whole = await noise(64, 64, seed).jpeg().toBuffer()
        const opened = await decode(whole.subarray(0, -2)).catch((error: Error) => error.message)
        if (typeof opened === 'string') return opened
        expect(opened.square).toEqual((await decode(whole)).square)
        return 'all pixels'
      }),
    )
    expect(new Set(outcomes)).toEqual(new Set([cutShort, 'all pixels']))
  })

  test('a JPEG that lost bytes before its end is opened, as PIL opens it, and said to be damaged', async () => {
    const whole = await noise(200, 150).jpeg().toBuffer()
    const half = Buffer.concat([whole.subarray(0, whole.length >> 1), whole.subarray(-2)])
    expect((await decode(half)).facts).toMatchObject({ width: 200, height: 150, damaged: true })
    const stray = Buffer.concat([whole.subarray(0, -2), Buffer.from([0, 1, 2, 3]), whole.subarray(-2)])
    expect((await decode(stray)).facts).toMatchObject({ width: 200, height: 150, damaged: false })
    expect((await decode(whole)).facts.damaged).toBe(false)
  })

  test('a damaged PNG', async () => {
    await expect(decode(files.get('a damaged png')!)).rejects.toThrow('is broken or cut short')
  })

  test('and the next good picture is accepted as usual', async () => {
    await Promise.allSettled([...files.values()].map(decode))
    const { preview } = await decode(await twoColours().png().toBuffer())
    expect(apart(pixel(preview, 5, 20), red)).toBeLessThanOrEqual(near)
  })
})
