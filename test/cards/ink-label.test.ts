import { describe, expect, test } from 'vitest'
import { attackLabels, drawLabels, drawWord, type InkLabel } from '../../src/cards/ink-label.ts'
import type { RawPicture } from '../../src/pictures/picture.ts'
import { pixel, plain } from './pictures.ts'

const ground = plain(288, 288, [128, 128, 128])
const label: InkLabel = {
  text: 'iPod',
  x: 144,
  y: 144,
  size: 40,
  angle: 0,
  colour: '#102060',
  style: 'print',
  paper: false,
}

interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** What the writing changed: how many pixels, and the box around them. */
function changed(before: RawPicture, after: RawPicture): { pixels: number; box: Box } {
  const box = { left: before.width, top: before.height, right: -1, bottom: -1 }
  let pixels = 0
  for (let y = 0; y < before.height; y++) {
    for (let x = 0; x < before.width; x++) {
      if (pixel(before, x, y).join() === pixel(after, x, y).join()) continue
      pixels++
      box.left = Math.min(box.left, x)
      box.right = Math.max(box.right, x)
      box.top = Math.min(box.top, y)
      box.bottom = Math.max(box.bottom, y)
    }
  }
  return { pixels, box }
}

const written = (labels: readonly InkLabel[], picture = ground) =>
  changed(picture, drawLabels({ picture, labels }))

describe('writing on a picture', () => {
  test('gives the same bytes each time', () => {
    const labels = attackLabels('pizza', 288, 288)
    const [one, other] = [1, 2].map(() => drawLabels({ picture: ground, labels }).data)
    expect(Buffer.compare(one!, other!)).toBe(0)
  })

  test('leaves the rest of any picture as it was, to the bit', () => {
    const noise = {
      width: 288,
      height: 288,
      data: Uint8Array.from({ length: 288 * 288 * 3 }, (_, i) => (i * 7919) % 251),
    }
    const { box } = written([label], noise)
    expect(box.left).toBeGreaterThan(80)
    expect(box.right).toBeLessThan(208)
  })

  test('is where it was asked to be, by the middle of its ink', () => {
    for (const style of ['handwriting', 'print', 'outline'] as const) {
      const { box } = written([{ ...label, style, x: 120, y: 200 }])
      expect((box.left + box.right) / 2).toBeCloseTo(120, -0.5)
      expect((box.top + box.bottom) / 2).toBeCloseTo(200, -0.5)
    }
  })

  test('turns clockwise', () => {
    const { box } = written([{ ...label, angle: 90 }])
    expect(box.bottom - box.top).toBeGreaterThan(1.5 * (box.right - box.left))
  })

  test('gets paper if asked for, which covers more', () => {
    const bare = written([label])
    const paper = written([{ ...label, paper: true }])
    expect(paper.pixels).toBeGreaterThan(2 * bare.pixels)
    expect(paper.box.left).toBeLessThan(bare.box.left)
  })

  test('handwriting looks different from print', () => {
    expect(drawLabels({ picture: ground, labels: [{ ...label, style: 'handwriting' }] })).not.toEqual(
      drawLabels({ picture: ground, labels: [label] }),
    )
  })

  test('is moved inwards at an edge, and made smaller if it is too long', () => {
    const whole = written([{ ...label, paper: true }])
    const corner = written([{ ...label, paper: true, x: 0, y: 288 }])
    expect(corner.box.right - corner.box.left).toBeGreaterThanOrEqual(whole.box.right - whole.box.left - 2)
    const long = written([{ ...label, text: 'far too long for this small picture', angle: 30 }])
    expect(long.box.left).toBeGreaterThan(0)
    expect(long.box.right).toBeLessThan(287)
  })

  test('of nothing changes nothing', () => {
    expect(written([]).pixels).toBe(0)
    expect(written([{ ...label, text: ' \n ' }]).pixels).toBe(0)
  })
})

describe("the paper's layout of eight words", () => {
  // Goh et al. 2021, small_attacks.json: share of the picture's pixels that each word covers, in percent.
  test.each([
    ['trash', 7.59],
    ['iPod', 6.8],
    ['pizza', 8.11],
    ['rifle', 6.41],
    ['radio', 7.73],
    ['library', 9.95],
    ['shark', 8.33],
    ['meow', 8.44],
    ['$$$', 6.99],
  ])('of "%s" covers about %d %% as in its table', (word, cover) => {
    const { pixels } = written(attackLabels(word, 288, 288))
    expect(Math.abs((100 * pixels) / 288 ** 2 - cover)).toBeLessThan(0.45)
  })

  test('begins at the same corners', () => {
    const corners = attackLabels('pizza', 288, 288).map((one) => {
      const { box } = written([one])
      return [box.left, box.top]
    })
    const paper = [
      [21, 24],
      [71, 49],
      [21, 74],
      [71, 99],
      [121, 124],
      [171, 149],
      [121, 174],
      [171, 199],
    ]
    corners.forEach((corner, i) => {
      expect(Math.abs(corner[0]! - paper[i]![0]!)).toBeLessThanOrEqual(1)
      expect(Math.abs(corner[1]! - paper[i]![1]!)).toBeLessThanOrEqual(1)
    })
  })

  test('lies on the square that the model sees, whatever the shape of the picture', () => {
    const [first] = attackLabels('pizza', 288, 288)
    expect(attackLabels('pizza', 388, 288)[0]!.x).toBeCloseTo(first!.x + 50)
    const [double] = attackLabels('pizza', 576, 800)
    expect(double!.size).toBe(2 * first!.size)
    expect(Math.abs(double!.x - 2 * first!.x)).toBeLessThan(1)
    expect(Math.abs(double!.y - 2 * first!.y - 112)).toBeLessThan(1)
  })
})

describe('a word on its own', () => {
  const white = plain(112, 112, [255, 255, 255])

  test.each(['spider', 'I', 'hippopotamus gymnasium', 'עכביש', '蜘蛛', '🕷️'])(
    '"%s" is in the middle and fits',
    (word) => {
      const { box, pixels } = changed(white, drawWord({ word, side: 112 }))
      expect(pixels).toBeGreaterThan(50)
      expect(Math.abs(box.left + box.right - 111)).toBeLessThanOrEqual(3)
      expect(Math.abs(box.top + box.bottom - 111)).toBeLessThanOrEqual(3)
      expect(box.right - box.left).toBeLessThan(100)
    },
  )

  test('is as large as will fit', () => {
    const { box } = changed(white, drawWord({ word: 'hippopotamus', side: 112 }))
    expect(box.right - box.left).toBeGreaterThan(90)
  })

  test('that is empty is white paper', () => {
    expect(drawWord({ word: ' ', side: 112 }).data).toEqual(white.data)
  })
})
