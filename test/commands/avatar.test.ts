import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { avatar, avatarRecord } from '../../commands/avatar.ts'
import { faceUnits, moods } from '../../commands/avatar/faces.ts'
import { faceSketch } from '../../commands/avatar/sketch.ts'
import { avatarSeed } from '../../src/games/avatar.ts'
import { publishedUnits } from '../../src/packs/published.ts'
import { type Answer, picturesOf, textOf } from './harness.ts'
import { openHome } from './home.ts'

const { player, services, tableWith } = openHome([avatar])

async function rawOf(bytes: Uint8Array, width?: number, height?: number) {
  const { data, info } = await sharp(bytes)
    .resize(width, height)
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: [...data] }
}

interface Portrait {
  direction: { unit: number; weight: number }[]
}
const directionOf = ({ reply }: Answer) => (reply!.data as Portrait).direction

test('the paper’s model draws with its units of emotions, and with none of a sign or a sandwich', () => {
  const units = publishedUnits({ id: 'rn50x4', tap: { channels: 2560, map: [9, 9] } }, true)
  const faces = faceUnits({ ...services().catalogue, units })
  const names = faces.map(({ unit }) => units.find((each) => each.unit === unit)!.name)
  expect(names).toEqual(expect.arrayContaining(['happy', 'sleepy', 'crying', 'shocked', 'Laugh']))
  expect(names).not.toEqual(expect.arrayContaining([expect.stringMatching(/sign|Sandwich|photo$/)]))
  const moodOf = (name: string) => faces[names.indexOf(name)]!.mood
  expect([moodOf('happy'), moodOf('crying'), moodOf('evil')]).toEqual(['happy', 'sad', 'angry'])
  for (const { unit } of faces) expect(units.find((each) => each.unit === unit)!.sensitive).toBe(false)
})

/** Where drawn portraits are kept, for all tests. */
const home = { community: 'portraits' }

describe('a portrait', () => {
  test('is the person’s own and the same in every community, in a file sized for a profile picture', async () => {
    const here = await player('Ada', home).run('avatar')
    const again = await player('Ada', { community: 'elsewhere' }).run('avatar')
    const [picture, same] = [picturesOf(here)[0]!, picturesOf(again)[0]!]
    expect(Buffer.from(same.bytes).equals(Buffer.from(picture.bytes))).toBe(true)
    expect(await sharp(picture.bytes).metadata()).toMatchObject({ format: 'png', width: 512, height: 512 })
    const file = here.reply!.elements.find((element) => element.kind === 'file')
    expect(file).toMatchObject({ name: 'portrait.png', mimeType: 'image/png' })
    expect(textOf(here)).toContain('This mixture is yours')
    expect(here.progress.length).toBeGreaterThan(1)

    const eve = await player('Eve').run('avatar')
    expect(directionOf(eve)).not.toEqual(directionOf(here))
    expect(Buffer.from(picturesOf(eve)[0]!.bytes).equals(Buffer.from(picture.bytes))).toBe(false)
  })

  test('looks like the face it grew from; a pack that seldom draws a face says so', async () => {
    const { width, height, data } = await rawOf(picturesOf(await player('Ada', home).run('avatar'))[0]!.bytes)
    const apart = async (who: string) => {
      const sketch = await rawOf(Buffer.from(faceSketch(avatarSeed(`playground:${who}`))), width, height)
      return data.reduce((sum, value, i) => sum + (value - sketch.data[i]!) ** 2, 0)
    }
    for (const other of ['eve', 'bob', 'cleo', 'olga'])
      expect(await apart('ada')).toBeLessThan(await apart(other))

    const faces = { seen: 6, judged: 20 }
    const table = await tableWith([avatar], { gallery: { ...services().gallery, faces } })
    const portrait = await table.person('Ada', home).run('avatar')
    expect(textOf(portrait)).toContain('a face was seen in only 6 of 20 such portraits')
    await table.close()
  })

  test('a mood pulls it towards the units of that mood, and keeps the rest', async () => {
    const usual = directionOf(await player('Ada', home).run('avatar'))
    const sad = directionOf(await player('Ada', home).run('avatar', { mood: 'sad' }))
    const units = faceUnits(services().catalogue)
    const weightOf = (direction: Portrait['direction']) =>
      direction
        .filter(({ unit }) => units.find((each) => each.unit === unit)?.mood === 'sad')
        .reduce((sum, { weight }) => sum + weight ** 2, 0)
    expect(weightOf(sad)).toBeGreaterThan(weightOf(usual))
    for (const { unit } of usual) expect(sad.map((each) => each.unit)).toContain(unit)
    const kept = await services().store.list(avatarRecord, player('Ada', home).origin.place)
    expect(kept.filter(({ value }) => value.person === 'ada')).toHaveLength(2)
  })

  test('the pack has faces for every mood on offer, none of them sensitive', () => {
    const { catalogue } = services()
    const units = faceUnits(catalogue)
    expect(units.length).toBeGreaterThan(10)
    for (const mood of moods) expect(units.map((unit) => unit.mood)).toContain(mood)
    for (const { unit } of units)
      expect(catalogue.units.find((each) => each.unit === unit)).toMatchObject({ sensitive: false })
  })
})
