import { inSigma } from '../../src/chat/words.ts'
import sharp from 'sharp'
import { beforeEach, describe, expect, test } from 'vitest'
import { english } from '../../src/language.ts'
import { neuron } from '../../commands/neuron.ts'
import { factsOf } from '../../commands/neuron/facts.ts'
import { neurons } from '../../commands/neurons.ts'
import { changeSetting } from '../../src/chat/community.ts'
import type { Context } from '../../src/chat/context.ts'
import { isSensitive } from '../../src/neurons/sensitive.ts'
import { capitalised } from '../../src/text.ts'
import { atLength, some } from '../examples.ts'
import { type Answer, labelsOf, picturesOf, pictureSource, type Player, textOf } from './harness.ts'
import { openHome } from './home.ts'

const spider = 58
const church = 6

const { player, services, tableWith } = openHome([neurons, neuron])
let [ada, bob]: Player[] = []
beforeEach(() => {
  ada = player('Ada')
  bob = player('Bob')
})

interface PageData {
  unit: number
  name?: string
  words: { word: string; sigma: number }[]
  wordsAgainst: { word: string; sigma: number }[]
  pictures: { label: string; item: number; sigma: number }[]
  picturesAgainst: { label: string; item: number; sigma: number }[]
  related: { unit: number; correlation: number }[]
  picture?: { sigma: number; percentile: number }
  suggestions: { name: string; votes: number }[]
}
const dataOf = ({ reply }: Answer) => reply!.data as PageData

const allowSensitive = ({ origin: { place } }: Player, allowed = true): Promise<void> =>
  changeSetting(services().store, place, 'sensitive', allowed)

async function probePng(item: number): Promise<Uint8Array> {
  const { probe } = services()
  const { width, height, data } = await probe.picture(probe.items[item]!)
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

describe('finding a neuron', () => {
  test.each(['58', '#58', 'unit 58', 'spider', 'Spider'])('"%s"', async (which) => {
    expect(dataOf(await ada!.run('neuron', { which }))).toMatchObject({ unit: spider, name: 'spider' })
  })

  test('what is typed is completed with names, numbers and how far to trust them', async () => {
    const choices = await ada!.complete('neuron', 'which', 'spi')
    expect(choices[0]).toEqual({ value: '58', label: 'spider (unit 58, agreed)' })
    expect(choices.length).toBeLessThanOrEqual(25)
  })

  test.each([
    [
      'xyzzy',
      'There is no neuron called "xyzzy" here; start typing and choose a suggestion, or give a number.',
    ],
    ['1024', 'There is no unit 1024: this model has units 0 to 1023.'],
  ])('"%s" is refused with one sentence', async (which, sentence) => {
    expect((await ada!.run('neuron', { which })).refused).toBe(sentence)
  })

  test('sensitive ones only where the moderators allowed them: typed, completed, and by buttons', async () => {
    const hidden = `Unit ${church} is hidden here; moderators can change that in /settings.`
    expect((await ada!.run('neuron', { which: String(church) })).refused).toBe(hidden)
    expect((await ada!.run('neuron', { which: 'church' })).refused).toContain('no neuron called "church"')
    expect(await ada!.complete('neuron', 'which', 'church')).not.toContainEqual(
      expect.objectContaining({ value: String(church) }),
    )
    await allowSensitive(ada!)
    expect(dataOf(await ada!.run('neuron', { which: 'church' })).unit).toBe(church)
    expect((await ada!.complete('neuron', 'which', 'church'))[0]?.value).toBe(String(church))
  })
})

describe("a unit's page", () => {
  test('shows pictures with alt texts: what it looks for, what fires it, how often', async () => {
    const page = await ada!.run('neuron', { which: 'spider' })
    const pictures = picturesOf(page)
    expect(pictures).toHaveLength(3)
    for (const { bytes } of pictures) expect((await sharp(bytes).metadata()).width).toBe(720)
    expect(pictures[0]!.alt).toContain('The neuron "spider" (unit 58 · agreed, our probe set')
    expect(pictures[1]!.alt).toContain('spider (fires')
    const { pictures: shown } = services().catalogue.baseline
    expect(pictures[2]!.alt).toContain(`fires on ${shown.toLocaleString('en')} reference pictures`)
  })

  test('tells words and pictures that fire it most, strongest first, and those that hold it back', async () => {
    const { words, pictures, wordsAgainst, picturesAgainst } = dataOf(
      await ada!.run('neuron', { which: 'spider' }),
    )
    expect([words[0]!.word, pictures[0]!.label]).toEqual(['spider', 'spider'])
    for (const list of [words, pictures]) {
      const sigmas = list.map(({ sigma }) => sigma)
      expect(sigmas).toEqual([...sigmas].sort((a, b) => b - a))
      expect(sigmas.at(-1)).toBeGreaterThan(0)
    }
    for (const { sigma } of [...wordsAgainst, ...picturesAgainst]) expect(sigma).toBeLessThan(0)
  })

  test('nothing on any page is sensitive where that is not allowed', async () => {
    const { catalogue } = services()
    const hidden = new Set(catalogue.units.filter(({ sensitive }) => sensitive).map(({ unit }) => unit))
    const measured = catalogue.tuning!.units
    expect(measured.some(({ words }) => words.some(({ word }) => isSensitive(word)))).toBe(true)
    expect(measured.some(({ together }) => together.some((other) => hidden.has(other.unit)))).toBe(true)
    const context = { ...ada!.origin, services: services() } as Context
    const shown = catalogue.units.filter(({ unit }) => !hidden.has(unit))
    const hidesSomething = shown.filter(({ unit }) => {
      const { words, together } = measured[unit]!
      return words.some(({ word }) => isSensitive(word)) || together.some((other) => hidden.has(other.unit))
    })
    for (const named of atLength ? shown : hidesSomething.slice(0, 40)) {
      const { tuning, related } = await factsOf(context, { unit: named.unit, named })
      const { words, wordsAgainst, pictures, picturesAgainst } = tuning!
      const labels = [...words, ...wordsAgainst].map(({ word }) => word)
      labels.push(...[...pictures, ...picturesAgainst].map(({ label }) => label))
      expect(labels.filter(isSensitive)).toEqual([])
      expect(related.filter((other) => hidden.has(other.unit))).toEqual([])
    }
  })

  test('related units are buttons that lead to their pages, to the person alone', async () => {
    const page = await ada!.run('neuron', { which: 'spider' })
    expect(page.visibility).toBe('channel')
    const label = labelsOf(page).find((each) => each.startsWith('Fires with: '))!
    const other = await ada!.press(page, label)
    expect(other.visibility).toBe('person')
    expect(label).toBe(`Fires with: ${dataOf(other).name}`)
    const third = await ada!.press(other, /^Fires with/)
    expect(third.visibility).toBe('edit')
    expect(third.message).toEqual(other.message)
  })

  test('says plainly that nobody has drawn what a unit looks for, and shows no picture in its place', async () => {
    const bare = await tableWith([neuron], {
      gallery: { entries: [], find: () => undefined, thumbnail: async () => undefined },
    })
    const page = await bare.person('Ada').run('neuron', { which: 'spider' })
    expect(textOf(page)).toContain('Nobody has drawn what this neuron looks for yet')
    expect(picturesOf(page)[0]!.alt).not.toContain('Pictures of what it looks for')
    await bare.close()
  })

  test('shows what the gallery has, plain and by facet, and says nothing is missing', async () => {
    const webp = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'teal' } })
      .webp()
      .toBuffer()
    const entry = {
      unit: spider,
      file: 'x.webp',
      seed: 1,
      steps: 9,
      activation: 1,
      percentile: 100,
      sensitive: false,
    }
    const entries = [
      { ...entry, sigma: 40 },
      { ...entry, sigma: 30, facet: 'word' },
    ]
    const hung = await tableWith([neuron], {
      gallery: {
        entries,
        find: (unit) => entries.find((each) => each.unit === unit),
        thumbnail: async () => webp,
      },
    })
    const page = await hung.person('Ada').run('neuron', { which: 'spider' })
    expect(picturesOf(page)[0]!.alt).toContain('Pictures of what it looks for: what it looks for, as word.')
    expect(textOf(page)).not.toContain('Nobody has drawn')
    await hung.close()
  })
})

describe('opened from the card of a picture', () => {
  test('its page marks how strongly the picture fires it', async () => {
    // Other units for spiders fire at the one that fires it most as well; the card is opened for its first.
    const fired = (card: Answer) =>
      (card.reply!.data as { units: { unit: number; sigma: number; percentile: number }[] }).units
    let card: Answer | undefined
    for (const { item } of services().catalogue.tuning!.units[spider]!.pictures) {
      card = await ada!.run('neurons', { picture: pictureSource(await probePng(item)) })
      if (fired(card)[0]!.unit === spider) break
    }
    const { sigma, percentile } = fired(card!)[0]!
    const page = await ada!.press(card!, 'About spider')
    expect(dataOf(page)).toMatchObject({ unit: spider, picture: { sigma, percentile } })
    expect(picturesOf(page)[2]!.alt).toContain('Of your picture:')
  })

  test('also for a unit that was held back', async () => {
    const bytes = await probePng(services().catalogue.tuning!.units[spider]!.pictures[0]!.item)
    const card = await ada!.run('neurons', { picture: pictureSource(bytes) })
    const { inhibited } = card.reply!.data as { inhibited: { unit: number; name: string }[] }
    const chosen = await ada!.press(card, capitalised(inhibited[0]!.name))
    const page = await ada!.press(chosen, `About ${inhibited[0]!.name}`)
    const { strengths } = await services().engine.analyse(bytes)
    expect(dataOf(page).picture!.sigma).toBeCloseTo(strengths[inhibited[0]!.unit]!, 2)
  })
})

const suggest = (who: Player | undefined, page: Answer, name: string) =>
  who!.press(page, 'This name is wrong', { name })

describe('this name is wrong', () => {
  test('a suggestion is shown on the page, counted, and can be joined with a button', async () => {
    const page = await ada!.run('neuron', { which: 'spider' })
    const first = await suggest(ada, page, 'Eight legs')
    expect(first).toMatchObject({ visibility: 'edit', message: page.message })
    expect(textOf(first)).toContain('1 person here calls it Eight legs.')
    const second = await bob!.press(first, 'I call it “Eight legs” too')
    expect(textOf(second)).toContain('2 people here call it Eight legs.')
    expect(dataOf(await ada!.run('neuron', { which: 'spider' })).suggestions).toEqual([
      { name: 'Eight legs', votes: 2 },
    ])
  })

  test('one vote a person: pressing again adds none, another name changes it', async () => {
    const page = await suggest(ada, await ada!.run('neuron', { which: 'spider' }), 'legs')
    const again = await ada!.press(page, 'I call it “legs” too')
    expect(dataOf(again).suggestions).toEqual([{ name: 'legs', votes: 1 }])
    const changed = await suggest(ada, again, 'web')
    expect(dataOf(changed).suggestions).toEqual([{ name: 'web', votes: 1 }])
  })

  test('case and blanks make no other name; the most votes come first', async () => {
    const page = await ada!.run('neuron', { which: 'spider' })
    await suggest(ada, page, 'legs')
    await suggest(bob, page, 'web')
    const cy = player('Cy')
    expect(dataOf(await suggest(cy, page, '  WEB ')).suggestions).toEqual([
      { name: 'web', votes: 2 },
      { name: 'legs', votes: 1 },
    ])
  })

  test('votes stay in their community', async () => {
    await suggest(ada, await ada!.run('neuron', { which: 'spider' }), 'legs')
    const stranger = player('Eve', { community: 'elsewhere' })
    expect(dataOf(await stranger.run('neuron', { which: 'spider' })).suggestions).toEqual([])
  })

  test.each([
    ['fuck', 'This name cannot be shown here; please choose another one.'],
    ['christian church', 'This name cannot be shown here; please choose another one.'],
    ['Spider', '"Spider" is what it is called already.'],
    ['!?', 'Please give a name with letters in it.'],
  ])('"%s" is refused', async (name, sentence) => {
    const page = await ada!.run('neuron', { which: 'spider' })
    expect((await suggest(ada, page, name)).refused).toBe(sentence)
    expect(dataOf(await ada!.run('neuron', { which: 'spider' })).suggestions).toEqual([])
  })

  test('what one may not say any more is no longer shown, and its button says so', async () => {
    await allowSensitive(ada!)
    const page = await suggest(ada, await ada!.run('neuron', { which: 'spider' }), 'church')
    expect(labelsOf(page)).toContain('I call it “church” too')
    const { store } = services()
    await changeSetting(store, ada!.origin.place, 'sensitive', false)
    expect(dataOf(await bob!.run('neuron', { which: 'spider' })).suggestions).toEqual([])
    expect((await bob!.press(page, 'I call it “church” too')).refused).toMatch(
      /^Nobody calls it that any more/,
    )
  })

  test('from a card it is confirmed to the person alone, in place of nothing', async () => {
    const { item } = services().catalogue.tuning!.units[spider]!.pictures[0]!
    const card = await ada!.run('neurons', { picture: pictureSource(await probePng(item)) })
    const told = await ada!.press(await ada!.press(card, 'Spider'), 'This name is wrong', { name: 'web' })
    expect(told.visibility).toBe('person')
    expect(textOf(told)).toContain('You call spider web. Nobody else here does yet.')
    expect(dataOf(await ada!.press(told, 'About spider')).suggestions).toEqual([{ name: 'web', votes: 1 }])
  })
})

describe('draw it now', () => {
  test('shows the picture growing, then what it does to the unit as measured on the finished picture', async () => {
    const page = await ada!.run('neuron', { which: 'spider' })
    const made = await ada!.press(page, 'Draw it now')
    expect(made.progress.some(({ picture }) => picture)).toBe(true)
    const fractions = made.progress.flatMap(({ fraction }) => fraction ?? [])
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b))
    const data = made.reply!.data as Record<'seed' | 'sigma' | 'percentile' | 'steps', number>
    expect(data.percentile).toBeGreaterThan(50)
    expect(textOf(made)).toContain(`from seed ${data.seed}`)
    expect(textOf(made)).toContain(inSigma(data.sigma, false, english))
    expect(labelsOf(made)).toEqual(['Another one', 'About spider'])
  })
})

describe('what was measured', () => {
  test('is what the engine gives for the same pictures', async () => {
    const { catalogue, probe, engine } = services()
    for (const unit of some(2, [0, spider, 140, 1023])) {
      for (const { item, label, sigma } of catalogue.tuning!.units[unit]!.pictures.slice(0, 2)) {
        expect(probe.items[item]!.label).toBe(label)
        const { strengths } = await engine.analyse(await probe.picture(probe.items[item]!))
        expect(strengths[unit]).toBeCloseTo(sigma, 1)
      }
    }
  })

  test('the histogram counts every picture once, and no unit is without any that fires it', () => {
    const { histogram, pictures, activeShare } = services().catalogue.baseline
    for (const row of histogram.counts) expect(row.reduce((sum, count) => sum + count, 0)).toBe(pictures)
    expect(Math.min(...activeShare)).toBeGreaterThan(0)
  })
})
