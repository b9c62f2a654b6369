import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commands } from '../../commands/index.ts'
import type { NeuronsData } from '../../commands/neurons/reply.ts'
import { readSample, samples } from '../../commands/fool/samples.ts'
import type { Pack } from '../../src/clip/pack.ts'
import { compare } from '../../src/packs/convert/compare.ts'
import { createVisualizer } from '../../src/visualization/visualize.ts'
import { atLength, some } from '../examples.ts'
import {
  buttonsOf,
  labelsOf,
  openTable,
  picturesOf,
  pictureSource,
  type Table,
  textOf,
} from '../commands/harness.ts'
import { convertedPack, withNames } from './converted.ts'
import type { Architecture, Shape } from './exports.ts'

/** A ResNet and a ViT; one takes numbers, the other pixels. */
const packs: [Architecture, Shape][] = [
  ['small-resnet', 'A1'],
  ['small-vit', 'B'],
]
const names = ['happy', 'sad', 'spider', 'yellow', 'castle', 'violin']

const models = mkdtempSync(join(tmpdir(), 'neuron-games-commands-'))
afterAll(() => rmSync(models, { recursive: true }))

/** Opens a table on the pack for the tests around it. */
function tableOn(pack: () => Pack) {
  let table: Table
  beforeAll(async () => {
    table = await openTable(commands, {}, pack())
    table.setTime(new Date('2026-05-04T10:00:00Z'))
  })
  afterAll(() => table.close())
  return (name = 'Ada') => table.person(name, { moderator: true })
}

describe.each(some(1, packs))(
  'a pack made of a %s (%s), without gallery or facets',
  (architecture, shape) => {
    let pack: Pack
    let picture: Uint8Array
    const source = () => pictureSource(picture)
    beforeAll(async () => {
      pack = await convertedPack(models, architecture, shape)
      picture = await readSample(samples.pictures[0]!)
    })

    describe('and without a name for any unit', () => {
      const ada = tableOn(() => pack)

      test('/neurons ranks its units by number, and /neuron shows one and draws it afresh', async () => {
        const card = await ada().run('neurons', { picture: source() })
        expect(card.refused).toBeUndefined()
        expect(labelsOf(card).filter((label) => /^Unit \d+$/.test(label)).length).toBeGreaterThan(1)
        expect(JSON.stringify(card.reply!.elements), 'a number is told once').not.toMatch(
          /Unit (\d+) \(unit \1\)/,
        )
        const page = await ada().press(card, /^About [Uu]nit/)
        expect(textOf(page)).toContain('Nobody has drawn what this neuron looks for yet')
        const drawn = await ada().press(page, 'Draw it now')
        expect(drawn.refused).toBeUndefined()
        expect(picturesOf(drawn)).toHaveLength(1)
        expect(textOf(drawn)).toMatch(/8 steps/)
      })

      test('/neurons says which units make a picture resemble a name for a ResNet', async () => {
        const card = await ada().run('neurons', { picture: source() })
        const { carried } = card.reply!.data as Pick<NeuronsData, 'carried'>
        if (architecture === 'small-resnet') {
          expect(carried!.units[0]!.share).toBeGreaterThan(0)
          expect(textOf(card)).toMatch(/Its likeness to “.+” is .+ points, above all through unit \d+ \(/)
        } else expect(carried).toBeUndefined()
      })

      test('/help says where it comes from, and nothing about pulling another', async () => {
        const said = textOf(await ada().run('help'))
        expect(said).toContain(`Small CLIP: It comes from ${pack.facts.source}.`)
        expect(said).not.toContain('models pull')
      })

      test('/guess and /spotlight say that they can’t ask without names', async () => {
        const none = 'have no names that can be trusted yet'
        expect((await ada().run('guess')).refused).toContain(none)
        expect((await ada().run('spotlight now')).refused).toContain(none)
        expect((await ada().run('spotlight here', { time: '9:00', timezone: 'UTC' })).refused).toContain(none)
      })

      test('/avatar says that it knows no faces', async () => {
        expect((await ada().run('avatar')).refused).toBe(
          'Small CLIP has no neurons that are known to draw faces.',
        )
      })

      test('/hunt takes a unit by its number', async () => {
        const unit = String(pack.baseline.after.rms.findIndex((rms) => rms > 0))
        const hunt = await ada().run('hunt start', { neuron: unit })
        expect(textOf(hunt)).toContain(`Hunt: unit ${unit}`)
        const entered = await ada('Ben').run('hunt enter', { picture: source() })
        expect(entered.refused ?? textOf(entered)).toMatch(/place 1 of 1|does not fire/)
        expect((await ada().run('hunt board')).refused).toBeUndefined()
      })

      test('/fool opens a contest, takes an entry and says which unit carried it', async () => {
        const opened = await ada().run('fool start', {
          picture: source(),
          target: 'castle',
          against: 'boat, dog, pizza',
        })
        if (opened.refused) {
          expect(opened.refused).toContain('The model sees “castle” here already')
          return
        }
        const draft = await ada('Ben').run('fool write', { text: 'castle' })
        const entered = await ada('Ben').press(draft, /Enter/)
        expect(entered.refused).toBeUndefined()
        expect((await ada().run('fool board')).refused).toBeUndefined()
        const ended = await ada().run('fool end')
        expect(ended.refused).toBeUndefined()
      })

      test('/fool attack writes words and counts', async () => {
        const attacked = await ada().run('fool attack', { picture: source(), words: 'pizza, spider' })
        expect(attacked.refused).toBeUndefined()
        expect((attacked.reply!.data as { words: unknown[] }).words).toHaveLength(2)
      })
    })

    describe('and with a few names, without tuning', () => {
      const ada = tableOn(() => withNames(pack, names))

      test('/guess draws the question itself; hints are whatever there is, in plain words', async () => {
        const asked = await ada().run('guess')
        expect(asked.refused).toBeUndefined()
        expect(picturesOf(asked)).toHaveLength(1)
        expect(labelsOf(asked).slice(0, 4).toSorted()).toEqual(
          expect.arrayContaining([expect.stringMatching(new RegExp(names.join('|')))]),
        )
        // Nobody has measured which words fire its neurons.
        expect(labelsOf(asked)).not.toContain('Hint: a word (−1)')
        const look = await ada().press(asked, 'Hint: a picture (−1)')
        expect(picturesOf(look)).toHaveLength(1)
        expect(Buffer.from(picturesOf(look)[0]!.bytes).equals(picturesOf(asked)[0]!.bytes)).toBe(false)
        const answered = await ada().press(asked, buttonsOf(asked)[0]!.label)
        expect(textOf(answered)).toMatch(/Right, it is|It is/)
        expect((await ada().run('guess', { facet: 'photo' })).refused).toBe(
          'This model has no facet "photo"; none were fitted for it, so leave the facet out.',
        )
      })

      test('/spotlight shows the plain picture', async () => {
        const shown = await ada().run('spotlight now')
        expect(shown.refused).toBeUndefined()
        expect(picturesOf(shown)).toHaveLength(1)
      })

      test('/avatar draws from the units whose names are moods', async () => {
        const portrait = await ada().run('avatar', { mood: 'happy' })
        expect(portrait.refused).toBeUndefined()
        expect(textOf(portrait)).toContain('happy')
        expect((await ada().run('avatar', { mood: 'silly' })).refused).toBe(
          'No neuron of Small CLIP is known to draw "silly".',
        )
      })
    })
  },
)

test.skipIf(!atLength)(
  'a pack that takes pixels draws what the same model draws when it takes numbers',
  async () => {
    const drawn = async (shape: Shape) => {
      const pack = await convertedPack(models, 'small-resnet', shape)
      const { rms, std } = pack.baseline.after
      const [unit] = [...rms.keys()].sort((a, b) => (std[b]! / rms[b]! || 0) - (std[a]! / rms[a]! || 0))
      const visualizer = await createVisualizer(pack, { provider: 'cpu', threads: 1 })
      const made = await visualizer.visualize({ direction: [{ unit: unit!, weight: 1 }], steps: 4 })
      await visualizer.close()
      return made
    }
    const [pixels, numbers] = [await drawn('B'), await drawn('M')]
    expect(pixels.sigma).toBeGreaterThan(1)
    expect(pixels.sigma / numbers.sigma).toBeCloseTo(1, 3)
    expect(compare(pixels.picture.data, numbers.picture.data)).toBeLessThan(0.02)
  },
)
