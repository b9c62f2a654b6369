import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { converter } from 'culori'
import type { Card } from '../../src/cards/card.ts'
import { drawings } from '../../src/cards/index.ts'
import { cardWidth, margin } from '../../src/cards/layout.ts'
import type { NeuronsCardData } from '../../src/cards/neurons-card.ts'
import { palettes, type Theme } from '../../src/cards/theme.ts'
import type { CardUnit } from '../../src/cards/unit-rows.ts'
import { brightness, decoded, pixel, plain } from './pictures.ts'

const named = (name: string) => ({ name, namedBy: 'our probe set', certainty: 'likely' }) as const
const grey = plain(320, 240, [128, 128, 128])
const seen = { preview: grey, facts: { width: 640, height: 480, crop: { left: 80, top: 0, side: 480 } } }

/** Fires in the upper left corner, is held back in the lower right one. */
const heatMap = { width: 3, height: 3, data: Float32Array.of(4, 0, 0, 0, 0, 0, 0, 0, -4) }

const spider: CardUnit = { unit: 12, named: named('spider'), sigma: 12.43, percentile: 99.8 }
const winter: CardUnit = { unit: 17, named: named('winter'), sigma: -2.31 }
const neurons: NeuronsCardData = {
  picture: seen,
  heatMap,
  units: [spider, { unit: 2047, sigma: 5 }],
  inhibited: [winter],
  chosen: 12,
  modelTitle: 'Pocket CLIP',
  theme: 'light',
}

/** Names that try to break out of their rows. */
const nasty = [
  'a very long name '.repeat(12),
  'Donaudampfschifffahrtsgesellschaft'.repeat(3),
  'عنكبوت كبير جدا '.repeat(8),
  'עכביש \u202Egnol',
  '🕷️'.repeat(40),
  '蜘蛛'.repeat(40),
  `Z${'\u0301'.repeat(60)}algo\nnew line`,
  '',
]
const nastyUnits: CardUnit[] = nasty.map((name, unit) => ({
  unit,
  named: named(name),
  sigma: 9 - unit,
  percentile: 50,
}))
const thumbnail = new Uint8Array(
  await sharp({ create: { width: 60, height: 20, channels: 3, background: '#c02020' } })
    .webp()
    .toBuffer(),
)

const long = nasty.slice(0, 3).join(' ')
const cards: Record<string, (theme: Theme) => Promise<Card>> = {
  neurons: (theme) => drawings.neurons({ ...neurons, units: nastyUnits, chosen: 3, modelTitle: long, theme }),
  'neurons with thumbnails': (theme) =>
    drawings.neurons({
      ...neurons,
      units: nastyUnits.map((unit) => ({ ...unit, thumbnail })),
      chosen: 3,
      theme,
    }),
  bars: (theme) =>
    drawings.bars({
      title: long,
      pictures: [
        { picture: grey, caption: long },
        { picture: thumbnail, caption: long, detail: long },
      ],
      bars: nasty.map((label, i) => ({ label, probability: i / 8, before: 1 - i / 8, target: i % 2 === 0 })),
      modelTitle: long,
      theme,
    }),
  board: (theme) =>
    drawings.board({
      title: long,
      subject: long,
      standings: nasty.map((player, i) => ({
        place: 10 ** (i % 4),
        player,
        thumbnail,
        value: '1,234,567 points and more than that',
        share: 1,
        detail: long,
      })),
      page: 1,
      pages: 12,
      note: long,
      theme,
    }),
  entry: (theme) =>
    drawings.entry({
      title: long,
      picture: seen,
      carrier: { unit: nastyUnits[0]!, heatMap },
      bars: nasty.map((label) => ({ label, probability: 0.5, before: 0.5, target: true })),
      switchedOn: nastyUnits,
      switchedOff: [winter],
      note: long,
      theme,
    }),
  histogram: (theme) =>
    drawings.histogram({
      unit: nastyUnits[0]!,
      histogram: { edges: [0, 1, 2, 4], counts: [900, 20, 1] },
      mark: { sigma: 40, label: 'this picture' },
      sample: long,
      modelTitle: long,
      theme,
    }),
  sheet: (theme) =>
    drawings.sheet({
      title: long,
      cells: nasty.map((caption) => ({ picture: thumbnail, caption, detail: long })),
      note: long,
      theme,
    }),
  unit: (theme) =>
    drawings.unit({
      unit: nastyUnits[1]!,
      family: long,
      visualizations: [{ picture: grey, caption: long }],
      words: nasty.map((word) => ({ word, sigma: 3 })),
      pictures: nasty.map((label) => ({ label, sigma: 3 })),
      modelTitle: long,
      theme,
    }),
}

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(Object.keys(cards))('the card of %s keeps its margins, whatever the names', async (name) => {
    const card = await cards[name]!(theme)
    const picture = await decoded(card.bytes)
    expect([picture.width, picture.height]).toEqual([card.width, card.height])
    expect(card.width).toBe(cardWidth)
    const { r, g, b } = converter('rgb')(palettes[theme].ground)!
    // Panels reach halfway into the margin; JPEG may be off by a little.
    const columns = [0, margin / 4, cardWidth - margin / 4, cardWidth - 1]
    const differences = Array.from({ length: card.height }, (_, y) =>
      columns.map((x) => pixel(picture, x, y).map((value, i) => Math.abs(value - [r, g, b][i]! * 255))),
    )
    expect(Math.max(...differences.flat(2))).toBeLessThanOrEqual(4)
  })
})

test.each(Object.keys(cards))('the alt text of %s is short enough to be sent', async (name) => {
  const { alt } = await cards[name]!('light')
  expect(alt.length).toBeGreaterThan(20)
  expect(alt.length).toBeLessThanOrEqual(1000)
})

describe('the card of /neurons', () => {
  test('says in its alt text which units fire, where and how strongly, who named them, and the model', async () => {
    const { alt } = await drawings.neurons(neurons)
    expect(alt).toBe(
      'Where spider fires: most in the upper left of what the model saw. ' +
        'Fires: "spider" (unit 12 · likely, our probe set) 12.4 σ; unit 2047 5.0 σ. ' +
        'Held back: "winter" (unit 17 · likely, our probe set) −2.3 σ. Model: Pocket CLIP.',
    )
  })

  test('shows the map of the chosen unit on the square that the model saw, the rest dimmed', async () => {
    const card = await decoded((await drawings.neurons(neurons)).bytes)
    const silent = { ...heatMap, data: new Float32Array(9) }
    const cold = await decoded((await drawings.neurons({ ...neurons, heatMap: silent })).bytes)
    // The picture is 664 x 498 at (28, 28), the square 498 wide at its middle.
    const left = 28 + 83
    const third = 166
    const hot = (x: number, y: number): number =>
      brightness(card, left + x * third + 60, 28 + y * third + 60, 40, 40) -
      brightness(cold, left + x * third + 60, 28 + y * third + 60, 40, 40)
    expect(hot(0, 0)).toBeGreaterThan(60)
    expect(Math.abs(hot(1, 1))).toBeLessThan(3)
    expect(Math.abs(hot(2, 2))).toBeLessThan(3)
    expect(brightness(cold, 40, 200, 40, 40)).toBeLessThan(0.6 * brightness(cold, 300, 200, 40, 40))
  })

  test('shows where the chosen unit is held back, in the other colour', async () => {
    const held = await drawings.neurons({ ...neurons, chosen: 17 })
    expect(held.alt).toContain('Where winter is held back: most in the lower right of what the model saw.')
    const [r, , b] = pixel(await decoded(held.bytes), 28 + 83 + 2 * 166 + 83, 28 + 2 * 166 + 83)
    expect(b!).toBeGreaterThan(r!)
  })

  test('looks the same each time it is drawn, and different in the other theme', async () => {
    const [a, b, c] = await Promise.all([
      drawings.neurons(neurons),
      drawings.neurons(neurons),
      drawings.neurons({ ...neurons, theme: 'dark' }),
    ])
    expect(a.bytes).toEqual(b.bytes)
    expect(a.bytes).not.toEqual(c.bytes)
  })

  test('shows a very long picture around the square, which stays half as wide as the card', async () => {
    const preview = plain(40, 720, [128, 128, 128])
    const picture = { preview, facts: { width: 400, height: 7200, crop: { left: 0, top: 3400, side: 400 } } }
    const silent = { ...heatMap, data: new Float32Array(9) }
    const card = await decoded((await drawings.neurons({ ...neurons, picture, heatMap: silent })).bytes)
    const bright = brightness(card, 210, 200, 300, 300)
    expect(brightness(card, 210, 40, 300, 100)).toBeLessThan(0.6 * bright)
    expect(brightness(card, 210, 560, 300, 100)).toBeLessThan(0.6 * bright)
  })

  test('refuses a chosen unit that it does not list', async () => {
    await expect(drawings.neurons({ ...neurons, chosen: 99 })).rejects.toThrow('Unit 99 is not on the card.')
  })
})

describe('the file', () => {
  test('of a card with pictures is a JPEG, of one with only text and bars a PNG', async () => {
    const bars = {
      title: 'Seen',
      bars: [{ label: 'orange', probability: 1 }],
      modelTitle: 'Pocket',
      theme: 'light',
    } as const
    const withPicture = await drawings.bars({ ...bars, pictures: [{ picture: grey, caption: '' }] })
    const without = await drawings.bars({ ...bars, pictures: [] })
    for (const { bytes, mimeType } of [withPicture, without]) {
      expect(mimeType).toBe(`image/${(await sharp(bytes).metadata()).format}`)
    }
    expect([withPicture.mimeType, without.mimeType]).toEqual(['image/jpeg', 'image/png'])
  })
})

test('a bar is as long as its share', async () => {
  const bars = [0, 0.25, 1].map((probability) => ({ label: 'x', probability, target: true }))
  const card = await decoded(
    (await drawings.bars({ title: 'T', pictures: [], bars, modelTitle: 'M', theme: 'light' })).bytes,
  )
  const { r, g, b } = converter('rgb')(palettes.light.warm)!
  const warm = [r, g, b].map((value) => Math.round(value * 255)).join()
  const lengths: number[] = []
  for (let y = 0; y < card.height; y++) {
    const length = Array.from({ length: card.width }, (_, x) => pixel(card, x, y).join()).filter(
      (c) => c === warm,
    ).length
    if (length > 0) lengths.push(length)
  }
  // Round ends and their soft edges take a little off the 664.
  expect(Math.abs(Math.max(...lengths) - 664)).toBeLessThanOrEqual(3)
  const quarter = Math.max(...lengths.filter((length) => length < 500))
  expect(Math.abs(quarter - 166)).toBeLessThanOrEqual(3)
})
