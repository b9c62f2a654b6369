import { describe, expect, test } from 'vitest'
import { mostWriting, writingCandidates } from '../../src/pictures/find-writing.ts'
import { measureInk } from '../../src/pictures/ink.ts'
import { blurredOut, mirrored, writingBoxes } from '../../src/pictures/region.ts'
import { drawing, scene, withWord } from './pictures.ts'

const inside = (box: { left: number; top: number; width: number; height: number }, x: number, y: number) =>
  x >= box.left && x <= box.left + box.width && y >= box.top && y <= box.top + box.height

describe('where the writing is', () => {
  test('two words far apart are two pieces, and letters of one word are one', () => {
    const clean = scene(1)
    const first = withWord(clean, 'pizza', { x: 40, y: 70, size: 50 })
    const both = withWord(first, 'radio', { x: 280, y: 320, size: 50 })
    const boxes = (picture: typeof clean) => {
      const { mask, original } = measureInk(clean, picture)
      return writingBoxes(mask, original.width, original.height)
    }
    expect(boxes(first)).toHaveLength(1)
    expect(boxes(both)).toHaveLength(2)
    expect(inside(boxes(first)[0]!, 90 / 480, 55 / 360)).toBe(true)
    expect(boxes(clean)).toEqual([])
  })

  test.each([1, 2, 3, 4])(
    'in a photograph the word is among the first places looked at (scene %i)',
    (seed) => {
      const [x, y] = [60 + 60 * seed, 60 + 50 * seed]
      const photograph = withWord(scene(seed), 'pizza', { x, y, size: 60, colour: '#000' })
      const candidates = writingCandidates(photograph, 12)
      expect(candidates.some((box) => inside(box, (x + 60) / 480, (y - 20) / 360))).toBe(true)
      expect(Math.max(...candidates.map(({ width, height }) => width * height))).toBeLessThan(mostWriting)
    },
  )
})

describe('writing made unreadable', () => {
  const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0
  const above = ({ data }: { data: Uint8Array }) => data.subarray(0, 3 * 480 * 100)
  const picture = drawing(3)
  const box = { left: 0.2, top: 0.3, width: 0.4, height: 0.2 }

  test('mirrored twice it is as it was, and nothing outside the box changes', () => {
    expect(same(mirrored(mirrored(picture, [box]), [box]).data, picture.data)).toBe(true)
    const changed = mirrored(picture, [box])
    expect(same(changed.data, picture.data)).toBe(false)
    expect(same(above(changed), above(picture))).toBe(true)
  })

  test('blurred it has no strokes left, and keeps its mean', () => {
    const word = withWord(picture, 'pizza', { x: 110, y: 170, size: 60, colour: '#000' })
    const blurred = blurredOut(word, [box])
    const region = (data: Uint8Array) => {
      const values: number[] = []
      for (let y = 115; y < 175; y++) for (let x = 100; x < 280; x++) values.push(data[3 * (480 * y + x)]!)
      return values
    }
    const steps = (values: number[]) =>
      Math.max(...values.map((v, i) => (i % 180 ? Math.abs(v - values[i - 1]!) : 0)))
    expect(steps(region(word.data))).toBeGreaterThan(100)
    expect(steps(region(blurred.data))).toBeLessThan(25)
    expect(same(above(blurred), above(word))).toBe(true)
  })
})
