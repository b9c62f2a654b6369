import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { some } from '../examples.ts'
import { decodePicture } from '../../src/pictures/decode.ts'
import { cropOf, squareOf } from '../../src/pictures/square.ts'

describe('the crop in pixels of the picture', () => {
  test.each([
    ['landscape', 640, 480, { left: 77, top: 0, side: 480 }],
    ['portrait', 480, 640, { left: 0, top: 77, side: 480 }],
    ['square', 500, 500, { left: 0, top: 0, side: 500 }],
    ['one pixel', 1, 1, { left: 0, top: 0, side: 1 }],
  ])('%s', (_name, width, height, crop) => expect(cropOf(width, height, 112)).toEqual(crop))
})

describe('the square', () => {
  test('of a picture of the model’s own size is that picture', () => {
    const data = Uint8Array.from({ length: 112 * 112 * 3 }, (_, i) => (i * 31) % 256)
    expect(Buffer.compare(squareOf({ width: 112, height: 112, data }, 112).data, data)).toBe(0)
  })

  test('of one colour is that colour, whatever the sizes', () => {
    for (const [width, height] of [
      [1, 1],
      [3, 700],
      [1000, 113],
      [111, 112],
    ] as const) {
      const data = new Uint8Array(width * height * 3).fill(77)
      expect(squareOf({ width, height, data }, 112).data.every((value) => value === 77)).toBe(true)
    }
  })
})

const python = ['/usr/bin/python3', 'python3'].find(
  (command) => spawnSync(command, ['-c', 'import PIL']).status === 0,
)

/** Soft shapes, edges, letters made of lines, and noise: what photographs and drawings are made of. */
const scene = (width: number, height: number): Sharp => {
  const circles = Array.from({ length: 24 }, (_, i) => {
    const [x, y, r] = [(i * 37) % 100, (i * 61) % 100, 2 + ((i * 13) % 17)]
    return `<circle cx="${x}" cy="${y}" r="${r}" fill="hsl(${i * 47},80%,${30 + ((i * 7) % 50)}%)"/>`
  })
  const lines = Array.from(
    { length: 20 },
    (_, i) => `<path d="M${i * 5} 0L${100 - i * 3} 100" stroke="#111"/>`,
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="${width}" height="${height}" preserveAspectRatio="none"><rect width="100" height="100" fill="#8ac"/>${circles.join('')}${lines.join('')}</svg>`
  const grain = { type: 'gaussian' as const, mean: 128, sigma: 12 }
  return sharp(Buffer.from(svg))
    .removeAlpha()
    .composite([
      {
        input: { create: { width, height, channels: 3, background: 'grey', noise: grain } },
        blend: 'soft-light',
      },
    ])
}

describe.skipIf(!python)('agrees with PIL (skipped if Python has no PIL)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'neuron-games-pil-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  const clear = { r: 0, g: 0, b: 0, alpha: 0 }
  const pictures: Record<string, () => Promise<Buffer>> = {
    'small.png': () => scene(70, 46).png().toBuffer(),
    'tiny.png': () => scene(31, 47).png().toBuffer(),
    'near.png': () => scene(113, 112).png().toBuffer(),
    'medium.webp': () => scene(640, 480).webp({ lossless: true }).toBuffer(),
    'palette.gif': () => scene(500, 400).gif().toBuffer(),
    'tall.png': () => scene(150, 1400).png().toBuffer(),
    'wide.jpg': () => scene(1600, 300).jpeg().toBuffer(),
    'clear.png': () => scene(300, 300).extend({ left: 90, right: 50, background: clear }).png().toBuffer(),
    'turned.jpg': () => scene(900, 700).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    'progressive.jpg': () => scene(1000, 1000).jpeg({ progressive: true, quality: 90 }).toBuffer(),
    'two-megapixels.png': () => scene(1800, 1200).png().toBuffer(),
    'twelve-megapixels.jpg': () => scene(1000, 750).resize(4000, 3000).jpeg({ quality: 85 }).toBuffer(),
    'checkers.png': () => {
      const data = Uint8Array.from({ length: 1024 * 768 }, (_, i) => (((i >> 1) ^ (i >> 11)) & 1) * 255)
      return sharp(data, { raw: { width: 1024, height: 768, channels: 1 } })
        .png()
        .toBuffer()
    },
  }

  const files = new Map<string, Buffer>()
  beforeAll(async () => {
    for (const [name, make] of Object.entries(pictures)) {
      files.set(name, await make())
      writeFileSync(join(folder, name), files.get(name)!)
    }
  })

  test.each(some(1, [160, 112, 288]))('on pictures of many sizes and kinds, %i px', async (side) => {
    execFileSync(python!, [join(import.meta.dirname, 'reference.py'), String(side), folder])
    const table: Record<string, { largest: number; mean: number }> = {}
    for (const [name, file] of files) {
      const { square } = await decodePicture(file, { previewSide: 720, side })
      const reference = readFileSync(join(folder, `${name}.rgb`))
      rmSync(join(folder, `${name}.rgb`))
      expect(square.data.length).toBe(reference.length)
      const differences = Array.from(reference, (value, i) => Math.abs(value - square.data[i]!))
      table[name] = {
        largest: differences.reduce((largest, value) => Math.max(largest, value), 0),
        mean: differences.reduce((sum, value) => sum + value, 0) / differences.length,
      }
    }
    const all = Object.values(table)
    const mean = all.reduce((sum, one) => sum + one.mean, 0) / all.length
    const rows = Object.entries(table).map(([name, one]) => `${name} ${one.mean.toFixed(3)}/${one.largest}`)
    const largest = Math.max(...all.map((one) => one.largest))
    process.stdout.write(
      `${side} px, of 255: mean ${mean.toFixed(3)}, largest ${largest}; ${rows.join(', ')}\n`,
    )

    expect(mean).toBeLessThan(0.5)
    expect(Object.entries(table).filter(([, one]) => one.mean >= 2)).toEqual([])
    // Pictures that are enlarged agree to the last bit.
    const exact = ['small.png', 'tiny.png', 'near.png']
    expect(exact.filter((name) => table[name]!.largest > 0)).toEqual([])
  })
})
