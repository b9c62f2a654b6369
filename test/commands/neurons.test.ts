import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { neuron } from '../../commands/neuron.ts'
import { neurons } from '../../commands/neurons.ts'
import type { NeuronsData } from '../../commands/neurons/reply.ts'
import { calibrated, isGuess } from '../../commands/neurons/belief.ts'
import { type Take, takesInWords, takesOf } from '../../commands/neurons/takes.ts'
import { oncePerName } from '../../src/neurons/firing.ts'
import { standingOf } from '../../src/neurons/trust.ts'
import { english } from '../../src/language.ts'
import { capitalised } from '../../src/text.ts'
import { changeSetting } from '../../src/chat/community.ts'
import type { Gallery } from '../../src/visualization/gallery.ts'
import { type Answer, labelsOf, picturesOf, pictureSource, textOf } from './harness.ts'
import { openHome } from './home.ts'

interface Listed {
  unit: number
  name: string
  sigma: number
  percentile?: number
}
const dataOf = ({ reply }: Answer) =>
  reply!.data as Pick<NeuronsData, 'model' | 'takes' | 'carried'> & { units: Listed[]; inhibited: Listed[] }

const { player, services, tableWith } = openHome([neurons, neuron])
let spider: Uint8Array
/** Of nothing in particular: stripes that no name fits. */
let stripes: Uint8Array
beforeAll(async () => {
  const { probe, catalogue } = services()
  const [strongest] = catalogue.tuning!.units[58]!.pictures
  const { width, height, data } = await probe.picture(probe.items[strongest!.item]!)
  spider = await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
  const pixels = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i % 7) * 36)
  stripes = await sharp(pixels, { raw: { width: 64, height: 64, channels: 3 } })
    .png()
    .toBuffer()
})

const look = (options = {}) => player('Ada').run('neurons', { picture: pictureSource(spider), ...options })

describe('/neurons', () => {
  test('names the strongest units with sigma and percentile, and the most inhibited ones', async () => {
    const { model, units, inhibited } = dataOf(await look())
    expect(model).toBe('pocket')
    expect(units).toHaveLength(5)
    expect(units.map(({ name }) => name)).toContain('spider')
    for (const { sigma, percentile } of units) {
      expect(sigma).toBeGreaterThan(0)
      expect(percentile).toBeGreaterThan(50)
    }
    expect(inhibited).toHaveLength(3)
    for (const { sigma } of inhibited) expect(sigma).toBeLessThan(0)
  })

  test('first says what the model takes the picture for', async () => {
    const answer = await look()
    const { takes } = dataOf(answer)
    expect(takes).toHaveLength(3)
    expect(takes.map(({ label }) => label).join(' ')).toContain('spider')
    expect(textOf(answer).toLowerCase()).toContain(`what it takes this for: ${takes[0]!.label}`)
  })

  test('says which units make it resemble the first name, and by how many points each', async () => {
    const answer = await look()
    const { takes, carried } = dataOf(answer)
    expect(carried!.label).toBe(takes[0]!.label)
    const [first, ...others] = carried!.units
    expect(first!.name).toBe('spider')
    expect(others).toHaveLength(2)
    for (const { share } of carried!.units) expect(share).toBeGreaterThan(0)
    expect(first!.share).toBeLessThan(carried!.likeness)
    const points = Math.round(100 * first!.share)
    expect(textOf(answer)).toContain(
      `Its likeness to “${carried!.label}” is ${Math.round(100 * carried!.likeness)} of 100 points, above all through spider (unit ${first!.unit}: ${points}), `,
    )
  })

  test('says how sure it is by how often that was right, and never that it can’t be wrong', async () => {
    const { trust } = services().catalogue
    for (const agreed of [true, false]) {
      expect(trust!.nameIsRight(1, agreed)).toBeLessThan(1)
      expect(trust!.nameIsRight(0.9, agreed)).toBeGreaterThan(trust!.nameIsRight(0.2, agreed))
    }
    // A name that a unit has as well is right more often than an equal share for a name that none has.
    expect(trust!.nameIsRight(0.1, true)).toBeGreaterThan(trust!.nameIsRight(0.1, false) + 0.1)
    const raw = [
      { label: 'cat', probability: 0.5 },
      { label: 'dog', probability: 0.3 },
    ]
    const [cat, dog] = calibrated(raw, trust, false)
    expect(cat!.probability).toBe(trust!.nameIsRight(standingOf(raw), false))
    expect(cat!.probability + dog!.probability).toBeLessThanOrEqual(1)
    expect(calibrated(raw, undefined, false)).toEqual(raw)
  })

  test('a name stands out by its share, added to that of names that mean the same, and by its lead over the next', () => {
    const standing = (...shares: [string, number][]) =>
      standingOf(shares.map(([label, probability]) => ({ label, probability })))
    expect(standing(['cat', 0.6])).toBe(0.6)
    expect(standing(['cat', 0.4], ['dog', 0.4])).toBeCloseTo(0.2)
    expect(standing(['cat', 0.4], ['cat face', 0.3], ['dog', 0.1])).toBeCloseTo((0.7 * 0.7) / 0.8)
    expect(standing()).toBe(0)
  })

  test('a first name that is more likely wrong than right is called a guess, with a word on what the pack is good at', async () => {
    const cat = (probability: number, others: readonly Take[] = []) => {
      const takes = [{ label: 'cat', probability }, ...others]
      const said = takesInWords(takes, isGuess(takes, services().catalogue.trust), english)
      return 'text' in said && said.text.replaceAll('**', '')
    }
    expect(cat(0.49)).toBe('My best guess: cat (49 % sure, so more often wrong than right).')
    expect(cat(0.5)).toBe('What it takes this for: Cat (50 % sure).')
    // Names with almost nothing in their favour are noise.
    const others = [
      { label: 'dog', probability: 0.2 },
      { label: 'cow', probability: 0.04 },
    ]
    expect(cat(0.6, others)).toBe('What it takes this for: Cat (60 % sure), then dog (20 %).')
    expect(cat(0.4, others)).toBe(
      'My best guess: cat (40 % sure, so more often wrong than right), then dog (20 %).',
    )
    expect(isGuess([{ label: 'cat', probability: 0.1 }], undefined)).toBe(false)
    expect(textOf(await look())).not.toContain('I am at my best with')
    expect(textOf(await look({ picture: pictureSource(stripes) }))).toMatch(
      /^My best guess: .*I am at my best with [a-z ]+ \(\d/s,
    )
  })

  test('names that a community keeps away from pictures are never the answer', () => {
    const scores = [
      { label: 'orangutan', probability: 0.6, similarity: 1 },
      { label: 'woman', probability: 0.4, similarity: 0.9 },
    ]
    expect(takesOf(scores, false)).toEqual([{ label: 'woman', probability: 0.4 }])
    expect(takesOf(scores, true)).toHaveLength(2)
  })

  test('a name is in an answer once, with the strongest of its units', () => {
    const [one, other] = services().catalogue.units.filter(({ name }) => name === 'person')
    const spider = services().catalogue.units.find(({ name }) => name === 'spider')
    const firing = [one, spider, other, undefined, undefined].map((named) => ({ named }))
    expect(oncePerName(firing).map(({ named }) => named?.unit)).toEqual([
      one!.unit,
      spider!.unit,
      undefined,
      undefined,
    ])
  })

  test('draws one card, and its alt text says what fires and where', async () => {
    const [card, ...more] = picturesOf(await look())
    expect(more).toEqual([])
    expect(card!.alt).toMatch(/^Where .* fires: most in the .*"spider" \(unit \d+ · agreed, our probe set\)/)
    expect((await sharp(card!.bytes).metadata()).width).toBe(720)
  })

  test('shows as many units as asked for', async () => {
    expect(dataOf(await look({ top: 2 })).units).toHaveLength(2)
  })

  test("a button shows where another unit fires, in the same message; 'About' then leads to that unit", async () => {
    const card = await look()
    const [first, ...others] = dataOf(card).units
    const second = others.find(({ name }) => name !== first!.name)!
    const turned = await player('Ada').press(card, capitalised(second.name))
    expect(turned).toMatchObject({ visibility: 'edit', message: card.message })
    expect(picturesOf(turned)[0]!.bytes).not.toEqual(picturesOf(card)[0]!.bytes)
    expect(labelsOf(turned)).toContain(`About ${second.name}`)
  })

  test('the menu of a message answers the person alone, and lets them post it', async () => {
    const seen = await player('Ada').menu('neurons', spider)
    expect(seen.visibility).toBe('person')
    const posted = await player('Ada').press(seen, 'Post it here')
    expect(posted.visibility).toBe('channel')
    expect(dataOf(posted)).toEqual(dataOf(seen))
    expect(labelsOf(posted)).not.toContain('Post it here')
  })

  test('a picture is kept only for its own community', async () => {
    const card = await look()
    const stranger = player('Eve', { community: 'elsewhere' })
    expect((await stranger.press(card, capitalised(dataOf(card).units[1]!.name))).refused).toMatch(
      /^I keep a picture for only a day/,
    )
  })

  test('shows sensitive units only if the moderators allowed them', async () => {
    const { probe, catalogue } = services()
    const hidden = catalogue.units.filter(({ sensitive }) => sensitive)
    const [unit, item] = hidden
      .map(({ unit }) => [unit, catalogue.tuning!.units[unit]!.pictures[0]!] as const)
      .sort(([, a], [, b]) => b.sigma - a.sigma)
      .map(([unit, { item }]) => [unit, item] as const)[0]!
    const { width, height, data } = await probe.picture(probe.items[item]!)
    const bytes = await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer()
    const who = player('Ada', { community: 'careful' })
    const numbers = async () =>
      dataOf(await who.run('neurons', { picture: pictureSource(bytes), top: 10 })).units.map(
        (one) => one.unit,
      )
    expect(await numbers()).not.toContain(unit)
    await changeSetting(services().store, who.origin.place, 'sensitive', true)
    expect(await numbers()).toContain(unit)
  })

  test('a file that is not a picture is refused with one sentence', async () => {
    const answer = await player('Ada').run('neurons', { picture: pictureSource(Buffer.from('hello')) })
    expect(answer.refused).toMatch(/\.$/)
    expect(answer.reply).toBeUndefined()
  })

  test('says if parts of a JPEG are missing, and looks at what is left', async () => {
    const jpeg = await sharp(spider).resize(400).jpeg().toBuffer()
    const holed = Buffer.concat([jpeg.subarray(0, jpeg.length >> 1), jpeg.subarray(-2)])
    const told = async (bytes: Uint8Array) =>
      textOf(await look({ picture: pictureSource(bytes) })).includes('Parts of this JPEG are missing')
    expect([await told(holed), await told(jpeg)]).toEqual([true, false])
  })

  test('says if a picture moves, and which frame was looked at', async () => {
    const frames = await sharp({ create: { width: 64, height: 128, channels: 3, background: 'red' } })
      .raw()
      .toBuffer()
    frames.fill(255, frames.length / 2)
    const gif = await sharp(frames, { raw: { width: 64, height: 128, channels: 3, pageHeight: 64 } })
      .gif()
      .toBuffer()
    const answer = await player('Ada').run('neurons', { picture: pictureSource(gif, 'moving.gif') })
    expect(textOf(answer)).toContain('I looked at its first frame')
  })

  test('says if it saw only the middle of a wide or tall picture', async () => {
    const sized = async (width: number, height: number): Promise<string> => {
      const png = await sharp({ create: { width, height, channels: 3, background: 'red' } })
        .png()
        .toBuffer()
      return textOf(await player('Ada').run('neurons', { picture: pictureSource(png) }))
    }
    expect(await sized(160, 90)).toContain('I looked only at the square in its middle')
    expect(await sized(90, 160)).toContain('I looked only at the square in its middle')
    expect(await sized(110, 90)).not.toContain('I looked only')
  })

  test('thumbnails of what the units look for are on the card if the gallery has them', async () => {
    const asked: number[] = []
    const webp = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'teal' } })
      .webp()
      .toBuffer()
    const gallery: Gallery = {
      entries: [],
      find: () => undefined,
      async thumbnail(unit) {
        asked.push(unit)
        return webp
      },
    }
    const bare = { entries: [], find: () => undefined, thumbnail: async () => undefined }
    const cards = []
    for (const each of [gallery, bare]) {
      const hung = await tableWith([neurons], { gallery: each })
      cards.push(await hung.person('Ada').run('neurons', { picture: pictureSource(spider) }))
      await hung.close()
    }
    const { units, inhibited } = dataOf(cards[0]!)
    expect(asked).toEqual([...units, ...inhibited].map(({ unit }) => unit))
    expect(picturesOf(cards[0]!)[0]!.bytes).not.toEqual(picturesOf(cards[1]!)[0]!.bytes)
  })
})

test('each of several pictures in a message gets a card of its own', async () => {
  const { reply, followUps } = await player('Ada').menu('neurons', spider, spider)
  expect(reply!.elements.map(({ kind }) => kind)).toContain('picture')
  expect(followUps.map(({ visibility }) => visibility)).toEqual(['person'])
})
