import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { endDueHunts } from '../../commands/hunt/end.ts'
import { huntEntry } from '../../commands/hunt/records.ts'
import { hunt } from '../../commands/hunt.ts'
import { scoreRecord } from '../../commands/scores/record.ts'
import { picturesOf, pictureSource, runTasks, textOf } from './harness.ts'
import { openHome } from './home.ts'
import { blankGallery, drawn, spider, thing } from './play.ts'

const { at, player, posts, scope, services } = openHome([hunt], { gallery: blankGallery })

describe('/hunt', () => {
  test('the strongest picture leads; written names are a class of their own; the end gives points once', async () => {
    const [ada, bob, eve] = [player('Ada'), player('Bob'), player('Eve')]
    expect(textOf(await ada.run('hunt start', { neuron: 'spider', ends: '2 hours' }))).toContain('2 hours')
    expect((await bob.run('hunt start', { neuron: 'dog' })).refused).toMatch(/A hunt for "spider" is running/)
    await ada.run('hunt enter', { picture: await thing(services(), spider, 3) })
    const better = await bob.run('hunt enter', { picture: await thing(services(), spider) })
    expect(textOf(better)).toMatch(/^Bob: [\d.]+\sσ for spider, place 1 of 2\./)
    const read = await eve.run('hunt enter', { picture: await drawn(services(), 'spider') })
    expect(textOf(read)).toContain('It was read, not seen')
    expect(read.reply!.data).toMatchObject({ class: 'read', place: 1 })
    const board = await ada.run('hunt board')
    expect(picturesOf(board).map(({ name }) => name)).toEqual(['hunt-seen.jpeg', 'hunt-read.jpeg'])

    at('2026-05-04T12:00:00Z')
    expect((await ada.run('hunt enter', { picture: await thing(services(), spider) })).refused).toMatch(
      /is over/,
    )
    await Promise.all([runTasks(services(), endDueHunts), runTasks(services(), endDueHunts)])
    await runTasks(services(), endDueHunts)
    expect(posts()).toHaveLength(1)
    const points = await services().store.list(scoreRecord, scope())
    expect(points.map(({ value }) => [value.person, value.points])).toEqual(
      expect.arrayContaining([
        ['ada', 3],
        ['bob', 5],
        ['eve', 5],
      ]),
    )
    expect(points).toHaveLength(3)
    expect((await ada.run('hunt start', { neuron: 'dog' })).refused).toBeUndefined()
  })

  test('the board is behind a spoiler once a picture on it is', async () => {
    const ada = player('Ada')
    await ada.run('hunt start', { neuron: 'spider', ends: '2 hours' })
    await ada.run('hunt enter', { picture: await thing(services(), spider) })
    const hidden = async () => picturesOf(await ada.run('hunt board')).map(({ spoiler }) => spoiler)
    expect(await hidden()).toEqual([false])
    const picture = { ...(await thing(services(), spider, 3)), spoiler: true }
    await player('Bob').run('hunt enter', { picture })
    expect(await hidden()).toEqual([true])
    at('2026-05-04T12:00:00Z')
    await runTasks(services(), endDueHunts)
    const shown = posts()[0]!.reply.elements.filter((element) => element.kind === 'picture')
    expect(shown.map(({ picture: { spoiler } }) => spoiler)).toEqual([true])
  })

  test('a small thing in a large picture counts; if it is not there, the answer is friendly and nothing is entered', async () => {
    const ada = player('Ada')
    await ada.run('hunt start', { neuron: '58' })
    const small = await sharp(await (await thing(services(), spider)).read())
      .resize(150, 150)
      .toBuffer()
    const wide = await sharp({ create: { width: 720, height: 720, channels: 3, background: 'white' } })
      .composite([{ input: small, left: 540, top: 40 }])
      .png()
      .toBuffer()
    expect(textOf(await ada.run('hunt enter', { picture: pictureSource(wide) }))).toMatch(
      /^Ada: [\d.]+\sσ for spider, place 1 of 1\./,
    )
    const plain = await sharp({ create: { width: 200, height: 200, channels: 3, background: '#3366cc' } })
      .png()
      .toBuffer()
    const missed = await ada.run('hunt enter', { picture: pictureSource(plain) })
    expect(missed.refused).toBeUndefined()
    expect(textOf(missed)).toMatch(
      /^Not yet: spider stays silent[^]*It takes your picture for [^]*not entered/,
    )
    expect(await services().store.list(huntEntry, scope())).toHaveLength(1)
  })

  test('the same picture sent again because no answer came is the same entry', async () => {
    const ada = player('Ada')
    await ada.run('hunt start', { neuron: 'spider' })
    const picture = await thing(services(), spider)
    const first = await ada.run('hunt enter', { picture })
    at('2026-05-04T10:05:00Z')
    const again = await ada.run('hunt enter', { picture })
    expect(textOf(again)).toBe(textOf(first))
    expect(await services().store.list(huntEntry, scope())).toHaveLength(1)
  })

  test('only whoever started it, or a moderator, can end it early', async () => {
    const start = await player('Ada').run('hunt start', { neuron: '58' })
    expect((await player('Bob').press(start, 'End it now')).refused).toMatch(
      /^Only Ada, who started it, and moderators/,
    )
    expect((await player('Mod', { moderator: true }).press(start, 'End it now')).refused).toBeUndefined()
    expect((await player('Ada').press(start, 'End it now')).refused).toBe('This hunt is over.')
  })

  test('a mistake is explained in one sentence', async () => {
    const ada = player('Ada')
    expect((await ada.run('hunt board')).refused).toMatch(/There is no hunt in this channel/)
    expect((await ada.run('hunt start', { neuron: 'no such thing' })).refused).toMatch(/no neuron called/)
    expect((await ada.run('hunt start', { neuron: '58', ends: 'never' })).refused).toMatch(/as an end time/)
    expect((await ada.run('hunt start', { neuron: '6' })).refused).toMatch(/hidden here/)
  })
})
