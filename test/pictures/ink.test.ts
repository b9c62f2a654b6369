import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { laidOver, measureInk } from '../../src/pictures/ink.ts'
import type { RawPicture } from '../../src/pictures/picture.ts'
import { amount, examples, some } from '../examples.ts'
import { decoded, drawing, drawnOn, encoded, scene, shifted, withWord } from './pictures.ts'

const folder = join(import.meta.dirname, '../../assets/contest')
const shipped = readdirSync(folder).filter((name) => name.endsWith('.jpg'))
const contestPicture = (name: string): Promise<RawPicture> => decoded(join(folder, name))
const ink = (original: RawPicture, entry: RawPicture): number => measureInk(original, entry).share

/** Left, top, right and bottom edge of what is inked on a square picture, in hundredths of its size. */
function boxOf(mask: Uint8Array, side: number): number[] {
  const at = [...mask.keys()].filter((i) => mask[i])
  const [xs, ys] = [at.map((i) => i % side), at.map((i) => Math.floor(i / side))]
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)].map((v) => (100 * v) / side)
}

/** Pictures of all kinds: photograph-like, drawn, and those that ship with the project. */
const anyPicture = fc.oneof(
  fc.nat(1e6).map((seed) => () => Promise.resolve(scene(seed))),
  fc.nat(1e6).map((seed) => () => Promise.resolve(drawing(seed))),
  fc.constantFrom(...shipped).map((name) => () => contestPicture(name)),
)
const quality = fc.integer({ min: 80, max: 100 })
const runs = examples(1)

describe('the same picture has no ink', () => {
  test('however it is re-encoded at quality 80 or more, even a few percent larger or smaller', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyPicture,
        fc.constantFrom('jpeg', 'webp'),
        quality,
        fc.double({ min: 0.93, max: 1.07, noNaN: true }),
        async (make, format, quality, factor) => {
          const original = await make()
          const width = Math.round(original.width * factor)
          const entry = await decoded(encoded(original).resize(width).toFormat(format, { quality }))
          expect(ink(original, entry)).toBe(0)
        },
      ),
      examples(2),
    )
  })

  test('encoded again and again, like pictures that go from hand to hand', async () => {
    const original = scene(5)
    let entry = original
    for (const quality of [95, 80, 85, 90, 80]) entry = await decoded(encoded(entry).jpeg({ quality }))
    expect(ink(original, entry)).toBe(0)
  })

  test('shrunk to half its size', async () => {
    const original = await contestPicture('lion.jpg')
    expect(ink(original, await decoded(encoded(original).resize(360).jpeg({ quality: 85 })))).toBe(0)
  })

  test('on a picture without any outline', async () => {
    const blank = { width: 300, height: 200, data: new Uint8Array(180_000).fill(200) }
    expect(ink(blank, await decoded(encoded(blank).jpeg({ quality: 80 })))).toBe(0)
  })
})

describe('writing is ink', () => {
  test('more writing is more ink', async () => {
    await fc.assert(
      fc.asyncProperty(anyPicture, quality, async (make, quality) => {
        const original = await make()
        const shares: number[] = []
        let entry = original
        for (let line = 1; line <= 4; line++) {
          const y = (line * original.height) / 5
          entry = drawnOn(entry, (context) => {
            context.font = `${original.height / 8}px Writing`
            context.lineWidth = 3
            context.strokeStyle = '#000'
            context.fillStyle = '#fff'
            context.strokeText('pizza', original.width / 6, y)
            context.fillText('pizza', original.width / 6, y)
          })
          shares.push(ink(original, await decoded(encoded(entry).jpeg({ quality }))))
        }
        expect(shares[0]).toBeGreaterThan(0.002)
        for (let line = 1; line < 4; line++) expect(shares[line]).toBeGreaterThan(shares[line - 1]!)
      }),
      runs,
    )
  })

  test('the share is exact: a black square of a tenth of the picture', () => {
    const original = scene(3, 400, 400)
    const side = Math.sqrt(0.1) * 400
    const entry = drawnOn(original, (context) => context.fillRect(100, 120, side, side))
    expect(ink(original, entry)).toBeGreaterThan(0.09)
    expect(ink(original, entry)).toBeLessThan(0.105)
  })

  test('letters ten pixels high are seen', async () => {
    const original = await contestPicture('teapot.jpg')
    const entry = withWord(original, 'iPod', { x: 330, y: 370, size: 14 })
    const share = ink(original, await decoded(encoded(entry).jpeg({ quality: 85 })))
    expect(share).toBeGreaterThan(0.0003)
    expect(share).toBeLessThan(0.002)
  })

  test('colour alone is seen: green as bright as the red beneath', () => {
    const red = drawnOn(drawing(1), (context) => {
      context.fillStyle = '#e04040'
      context.fillRect(60, 60, 300, 200)
    })
    const entry = withWord(red, 'frog', { x: 100, y: 200, size: 90, colour: '#00a000' })
    expect(ink(red, entry)).toBeGreaterThan(0.01)
  })

  test('hardly changes with re-encoding and resizing', async () => {
    const original = await contestPicture('owl.jpg')
    const entry = withWord(original, 'piano', { x: 200, y: 400, size: 110 })
    const exact = ink(original, entry)
    const encodings = [
      encoded(entry).resize(650).jpeg({ quality: 80 }),
      encoded(entry).webp({ quality: 80 }),
      encoded(entry).jpeg({ quality: 80 }),
      encoded(entry).resize(650).jpeg({ quality: 90 }),
    ]
    for (const image of some(2, encodings))
      expect(Math.abs(ink(original, await decoded(image)) / exact - 1)).toBeLessThan(0.05)
  })
})

describe('an entry need not lie exactly on the original', () => {
  test('three pixels of shift leave the ink as it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyPicture,
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 3 }),
        async (make, right, down) => {
          const original = await make()
          const entry = withWord(original, 'train', {
            x: original.width / 4,
            y: original.height / 2,
            size: original.height / 6,
            colour: '#d01030',
          })
          const still = ink(original, entry)
          const moved = await shifted(entry, right, down)
          expect(Math.abs(ink(original, moved) - still)).toBeLessThan(Math.max(0.001, 0.08 * still))
          expect(ink(original, await shifted(original, right, down))).toBe(0)
        },
      ),
      runs,
    )
  })

  test('a cropped border is not ink, and the writing keeps its place', async () => {
    const original = await contestPicture('dog.jpg')
    const entry = withWord(original, 'frog', { x: 250, y: 350, size: 100 })
    const crop = { left: 50, top: 20, width: 600, height: 640 }
    const { share, mask } = measureInk(
      original,
      await decoded(encoded(entry).extract(crop).resize(480).jpeg({ quality: 85 })),
    )
    expect(Math.abs(share / ink(original, entry) - 1)).toBeLessThan(0.15)
    const whole = measureInk(original, entry)
    expect(boxOf(mask, Math.sqrt(mask.length))).toEqual(
      boxOf(whole.mask, whole.original.width).map((edge) => expect.closeTo(edge, 1.5)),
    )
  })

  test('a picture squeezed to another shape', async () => {
    const original = await contestPicture('octopus.jpg')
    const entry = await decoded(encoded(original).resize(640, 480, { fit: 'fill' }).jpeg({ quality: 85 }))
    expect(ink(original, entry)).toBe(0)
  })
})

describe('what is no longer the contest picture is refused, with the reason', () => {
  test('any other picture', async () => {
    const original = await contestPicture('pizza.jpg')
    for (const name of shipped.filter((name) => name !== 'pizza.jpg').slice(0, amount(2, 4))) {
      const other = await contestPicture(name)
      expect(() => ink(original, other)).toThrow(/no longer the contest picture/)
    }
  })

  test('mirrored', async () => {
    const original = scene(12)
    const entry = await decoded(encoded(original).flop())
    expect(() => ink(original, entry)).toThrow(/outlines are where they were/)
  })

  test('half painted over', () => {
    const original = drawing(4)
    const entry = drawnOn(original, (context) => context.fillRect(0, 0, 480, 150))
    expect(() => ink(original, entry)).toThrow(/4\d % of it is changed, and at most 33 % may be/)
  })

  test('cut down to a piece', async () => {
    const original = await contestPicture('rocket.jpg')
    const entry = await decoded(encoded(original).extract({ left: 100, top: 100, width: 500, height: 500 }))
    expect(() => ink(original, entry)).toThrow(/5\d % of it is cut off/)
  })

  test('the error is of the kind that people are shown', () => {
    expect(() => ink(scene(1), scene(2))).toThrow(expect.objectContaining({ code: 'bad-picture' }))
  })
})

describe('the original with only the ink laid over it', () => {
  test('has the writing and nothing else of the entry', async () => {
    const original = await contestPicture('apple.jpg')
    const written = withWord(original, 'iPod', { x: 250, y: 400, size: 90 })
    const noise = Uint8Array.from(written.data, (value, i) =>
      Math.max(0, Math.min(255, value + (i % 2 ? 4 : -4))),
    )
    const found = measureInk(original, { ...written, data: noise })
    const laid = laidOver(found)
    let [inked, untouched] = [0, 0]
    found.mask.forEach((value, i) => {
      const same = laid.data[3 * i] === found.original.data[3 * i]
      if (value && !same) inked++
      if (!value && same) untouched++
    })
    expect(untouched).toBe(found.mask.filter((value) => !value).length)
    expect(inked).toBeGreaterThan(0.95 * found.mask.filter(Boolean).length)
  })

  test('is the original if nothing was written', async () => {
    const original = scene(9)
    const noisy = Uint8Array.from(original.data, (value, i) =>
      Math.max(0, Math.min(255, value + (i % 7) - 3)),
    )
    const found = measureInk(original, { ...original, data: noisy })
    expect(found.share).toBe(0)
    expect(Buffer.compare(laidOver(found).data, found.original.data)).toBe(0)
  })
})
