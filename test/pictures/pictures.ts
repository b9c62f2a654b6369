import { join } from 'node:path'
import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas'
import sharp, { type Sharp } from 'sharp'
import type { RawPicture } from '../../src/pictures/picture.ts'
import { random } from '../../src/games/seed.ts'

const font = join(import.meta.dirname, '../../assets/fonts/shantell-sans/ShantellSans-SemiBold.ttf')
GlobalFonts.registerFromPath(font, 'Writing')

/** Lossless unless another format is asked for. */
export const encoded = ({ data, width, height }: RawPicture): Sharp =>
  sharp(data, { raw: { width, height, channels: 3 } }).png()

export async function decoded(image: Sharp | string): Promise<RawPicture> {
  // Through a file's bytes, because sharp reorders its steps: encoding must be done before decoding starts.
  const bytes = typeof image === 'string' ? image : await image.toBuffer()
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: new Uint8Array(data) }
}

/** The picture with something drawn on it, by canvas. */
export function drawnOn(
  { width, height, data }: RawPicture,
  draw: (context: SKRSContext2D) => void,
): RawPicture {
  const canvas = createCanvas(width, height)
  const context = canvas.getContext('2d')
  const image = context.createImageData(width, height)
  for (let i = 0, j = 0; i < image.data.length; i += 4, j += 3) {
    image.data.set(data.subarray(j, j + 3), i)
    image.data[i + 3] = 255
  }
  context.putImageData(image, 0, 0)
  draw(context)
  const rgba = context.getImageData(0, 0, width, height).data
  return {
    width,
    height,
    data: Uint8Array.from({ length: 3 * width * height }, (_, i) => rgba[i + Math.floor(i / 3)]!),
  }
}

/** The picture with a word written on it, `size` pixels high. */
export const withWord = (
  picture: RawPicture,
  word: string,
  { x, y, size, colour = '#fff' }: { x: number; y: number; size: number; colour?: string },
): RawPicture =>
  drawnOn(picture, (context) => {
    context.font = `${size}px Writing`
    context.fillStyle = colour
    context.fillText(word, x, y)
  })

/** The picture moved right and down by this many pixels, its first row and column repeated. */
export const shifted = (picture: RawPicture, right: number, down: number): Promise<RawPicture> =>
  decoded(
    encoded(picture)
      .extend({ left: right, top: down, extendWith: 'copy' })
      .extract({ left: 0, top: 0, width: picture.width, height: picture.height }),
  )

/** Something like a photograph: light from one side, soft things, texture at all sizes, and grain. */
export function scene(seed: number, width = 480, height = 360): RawPicture {
  const next = random(seed)
  const base = drawnOn({ width, height, data: new Uint8Array(3 * width * height) }, (context) => {
    const sky = context.createLinearGradient(0, 0, width * next(), height)
    for (const stop of [0, 0.5, 1]) sky.addColorStop(stop, colour(next, 0.5))
    context.fillStyle = sky
    context.fillRect(0, 0, width, height)
    for (let i = 0; i < 40; i++) {
      const [x, y, r] = [next() * width, next() * height, (0.02 + 0.18 * next() ** 2) * width]
      const light = context.createRadialGradient(x - r / 3, y - r / 3, r / 8, x, y, r)
      light.addColorStop(0, colour(next, 0.9))
      light.addColorStop(1, colour(next, 0.3))
      context.fillStyle = light
      context.beginPath()
      context.ellipse(x, y, r, r * (0.4 + next()), next() * 3, 0, 7)
      context.fill()
    }
  })
  const data = Uint8Array.from(base.data)
  for (let i = 0; i < data.length; i++) data[i] = Math.max(0, Math.min(255, data[i]! + 24 * (next() - 0.5)))
  return { width, height, data }
}

/** A drawing: flat saturated shapes with dark outlines on a plain background. */
export function drawing(seed: number, width = 480, height = 360): RawPicture {
  const next = random(seed)
  return drawnOn({ width, height, data: new Uint8Array(3 * width * height).fill(255) }, (context) => {
    context.fillStyle = colour(next, 0.8)
    context.fillRect(0, 0, width, height)
    for (let i = 0; i < 14; i++) {
      context.fillStyle = colour(next, 0.5)
      context.strokeStyle = '#222'
      context.lineWidth = 1 + 4 * next()
      context.beginPath()
      const [x, y, r] = [next() * width, next() * height, (0.05 + 0.15 * next()) * width]
      if (next() < 0.5) context.arc(x, y, r, 0, 7)
      else context.rect(x - r, y - r / 2, 2 * r, r)
      context.fill()
      context.stroke()
    }
  })
}

const colour = (next: () => number, lightness: number): string =>
  `hsl(${Math.round(360 * next())} ${Math.round(40 + 60 * next())}% ${Math.round(100 * lightness * (0.6 + 0.4 * next()))}%)`
