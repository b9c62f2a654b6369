import { readdirSync } from 'node:fs'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { closeDueContests } from '../../commands/fool/closing.ts'
import { contests, entries, openContests, pictures } from '../../commands/fool/records.ts'
import { start } from '../../commands/fool/start.ts'
import { fool } from '../../commands/fool.ts'
import { hiddenRecord } from '../../commands/scores/records.ts'
import { scoreRecord } from '../../commands/scores/record.ts'
import { ownerError } from '../../src/errors.ts'
import { atLength, some } from '../examples.ts'
import { edited, photograph, sampleOf, steps } from './fool-steps.ts'
import { type Answer, buttonsOf, labelsOf, picturesOf, pictureSource, runTasks, textOf } from './harness.ts'
import { openHome } from './home.ts'

const { at, dispatcher, player, posts, services } = openHome([fool])
const store = () => services().store
let places = 0
/** Every test plays in a channel of its own. */
let channel = ''
const scope = { platform: 'playground', community: 'home' }

const here = (name: string, moderator = false) =>
  player(name, { community: scope.community, channel, moderator })
/** This test's channel. */
const room = { person: (name: string) => here(name) }
const announced = () => posts(scope.community)
const next = () => (channel = `channel-${(places += 1)}`)
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- each test knows what an answer's data are
const data = <T>({ reply, refused }: Answer): T => {
  expect(refused).toBeUndefined()
  return reply!.data as T
}
interface Scored {
  entry: string
  draft: string
  fools: boolean
  probability: number
  ink: number | null
  mirrored: number
  blurred: number
  place: number | null
  carrier: { unit: number; share: number; change: number }
  shortfall: string | null
  switchedOn: { unit: number; change: number }[]
}
interface Board {
  edits: { player: string; place: number; fools: boolean; ink: number; points: number }[]
  photographs: { player: string; fools: boolean }[]
  ended: string | null
}

describe('a contest', () => {
  test('is opened, written, edited and photographed for by three players, shown and ended', async () => {
    next()
    const opened = await steps.start(room)
    expect(textOf(opened)).toContain('make it see “pizza”')
    expect(
      picturesOf(opened)
        .map(({ alt }) => alt)
        .join(' '),
    ).toMatch(/brown dog.*dog 9\d %.*pizza.*the target/s)
    expect(labelsOf(opened)).toEqual(['Write on it', 'Standings'])

    const preview = await here('Ada').run('fool write', { text: 'pizza', where: 'bottom', size: 10 })
    expect(preview.visibility).toBe('person')
    expect(data<Scored>(preview)).toMatchObject({ fools: true })
    expect(textOf(preview)).toContain('nothing counts yet')
    expect(data<Board>(await here('Ada').run('fool board')).edits).toEqual([])
    const written = data<Scored>(await here('Ada').press(preview, 'Enter the contest'))
    expect(written).toMatchObject({ fools: true, place: 1 })

    const edit = data<Scored>(await steps.edit(room))
    expect(edit.fools).toBe(true)
    expect(edit.ink).toBeGreaterThan(written.ink!)
    expect(edit.place).toBe(2)

    const taken = data<Scored>(await steps.photograph(room))
    expect(taken).toMatchObject({ fools: true, ink: null, place: 1 })
    expect(taken.blurred).toBeLessThan(0.5)

    const board = await here('Dora').run('fool board')
    expect(data<Board>(board).edits.map(({ player }) => player)).toEqual(['Ada', 'Bob'])
    expect(picturesOf(board)[0]!.alt).toContain('1. Ada')
    expect(labelsOf(board)).toContain('Photographs')

    const end = await steps.end(room)
    expect(textOf(end)).toMatch(/Ada wins: .* ink, 5 points. The writing switched on .*σ/)
    expect(textOf(end)).toMatch(/Cleo wins among the photographs/)
    expect(data<Board>(end).edits.map(({ player, points }) => [player, points])).toEqual([
      ['Ada', 5],
      ['Bob', 3],
    ])
    const scores = await store().list(scoreRecord, scope, ['fool'])
    expect(
      scores.filter(({ id }) => id[1]!.startsWith(channel)).map(({ value }) => [value.name, value.points]),
    ).toEqual([
      ['Ada', 5],
      ['Bob', 3],
      ['Cleo', 5],
    ])
    expect((await here('Ada').run('fool write', { text: 'late' })).refused).toContain('over')
    expect((await steps.end(room)).refused).toContain('over already')
    expect(data<{ target: string }[]>(await here('Eve').run('fool history'))).toMatchObject([
      { target: 'pizza' },
    ])
  })

  test('keeps the spoiler of an entry in its card, on the board and at the end', async () => {
    next()
    const hidden = (answer: Answer) => picturesOf(answer).map(({ spoiler }) => spoiler ?? false)
    expect(hidden(await steps.start(room))).toEqual([false, false])
    const picture = pictureSource(await edited('dog', 'pizza', 90))
    const entry = await here('Bob').run('fool enter', { picture: { ...picture, spoiler: true } })
    expect(hidden(entry)).toEqual([true])
    const board = await here('Dora').run('fool board')
    expect(hidden(board)).toEqual([true])
    expect(hidden(await here('Dora').press(board, 'Why the first one worked'))).toEqual([true])
    expect(hidden(await steps.end(room))).toEqual([true, true])
  })

  test('on a wide picture with a ground of one colour begins with the square that is seen, however one writes on it', async () => {
    next()
    const dog = await sharp(await sampleOf('dog'))
      .resize(300, 300, { fit: 'cover' })
      .toBuffer()
    const wide = await sharp({ create: { width: 700, height: 320, channels: 3, background: '#f0f0f0' } })
      .composite([{ input: dog, left: 30, top: 10 }])
      .png()
      .toBuffer()
    const opened = await here('Olga').run('fool start', { target: 'pizza', picture: pictureSource(wide) })
    const id = buttonsOf(opened).find(({ label }) => label === 'Write on it')!.sketch!
    const { picture } = await dispatcher().openSketch(id, here('Ada').origin)
    expect(await sharp(picture.bytes).metadata()).toMatchObject({ width: 700, height: 700 })
  })

  test.runIf(atLength)('keeps the spoiler of its own picture in whatever is made of it', async () => {
    next()
    const hidden = (answer: Answer) => picturesOf(answer).map(({ spoiler }) => spoiler ?? false)
    const picture = { ...pictureSource(await sampleOf('dog')), spoiler: true }
    const opened = await here('Olga').run('fool start', { target: 'pizza', picture })
    expect(hidden(opened)).toEqual([true, false])
    const preview = await here('Ada').run('fool write', { text: 'pizza', where: 'bottom', size: 10 })
    expect(new Set(hidden(preview))).toEqual(new Set([true]))
    expect(hidden(await here('Ada').press(preview, 'Enter the contest'))).toEqual([true])
    const edit = pictureSource(await edited('dog', 'pizza', 90))
    expect(hidden(await here('Bob').run('fool enter', { picture: edit }))).toEqual([true])
    if (atLength)
      expect(hidden(await here('Bob').run('fool attack', { picture, words: 'pizza' }))).toEqual([true])

    const id = buttonsOf(opened).find(({ label }) => label === 'Write on it')!.sketch!
    const sketch = await dispatcher().openSketch(id, here('Cleo').origin)
    expect(sketch.picture.spoiler).toBe(true)
    const { width, height } = await sharp(sketch.picture.bytes).metadata()
    const stroke = { create: { width, height: 9, channels: 4, background: 'black' } } as const
    const drawing = await sharp({ create: { ...stroke.create, height, background: 'transparent' } })
      .composite([{ input: stroke, top: 9, left: 0 }])
      .png()
      .toBuffer()
    const entry = await here('Cleo').pressId(id, opened.message, { drawing: pictureSource(drawing) })
    expect(hidden(entry)).toEqual([true])
  })

  test('begins with one word: a picture and a target of ours that the model can be fooled on', async () => {
    next()
    const opened = await here('Olga').run('fool start')
    const { target, clean } = data<{ target: string; clean: { label: string; probability: number }[] }>(
      opened,
    )
    expect(textOf(opened)).toContain(`make it see “${target}”`)
    expect(clean.toSorted((a, b) => b.probability - a.probability)[0]!.label).not.toBe(target)
    // The picture to write on is shown once: the card beside it has only the bars.
    expect(picturesOf(opened)).toHaveLength(2)
    next()
    const onDog = data<{ target: string }>(await here('Olga').run('fool start', { sample: 'dog' }))
    expect(onDog.target).not.toBe('dog')
  })

  test('asks for the target of a picture of one’s own, with names that the model considers', async () => {
    next()
    const picture = pictureSource(await sampleOf('dog'))
    const { refused } = await here('Olga').run('fool start', { picture })
    expect(refused).toMatch(
      /^The model takes this for “.+”\. Please say with target: .*for example .+, .+ or .+\.$/,
    )
  })

  test('is refused where the model sees the target already, and where one is running', async () => {
    next()
    const seen = await here('Olga').run('fool start', { target: 'dog', sample: 'dog' })
    expect(seen.refused).toMatch(/sees “dog” here already/)
    await steps.start(room)
    expect((await steps.start(room)).refused).toContain('is already running in this channel')
    next()
    expect((await steps.start(room)).refused).toBeUndefined()
  })

  test('of several that are opened at the same instant exactly one is', async () => {
    next()
    const answers = await Promise.all([1, 2, 3].map(() => steps.start(room)))
    expect(answers.filter(({ refused }) => refused === undefined)).toHaveLength(1)
    expect(await store().list(contests, scope, [channel])).toHaveLength(1)
    expect((await steps.edit(room)).refused).toBeUndefined()
  })

  const competitors: [string, string | undefined][] = [
    ['labels chosen by whoever started it', 'dog, apple, bus'],
    ['everyday things', 'Alltag'],
    ['the model’s nearest guesses', undefined],
  ]
  test.each(some(1, competitors))('competes with %s', async (words, against) => {
    next()
    const picture = pictureSource(await sampleOf('dog'))
    const opened = await here('Olga').run('fool start', {
      target: 'Pizza',
      picture,
      ...(against && { against }),
    })
    expect(textOf(opened)).toContain(words)
    expect(data<{ labels: string[] }>(opened).labels[0]).toBe('pizza')
  })

  test('keeps rude and sensitive words out', async () => {
    next()
    expect((await here('Olga').run('fool start', { target: 'fuck', sample: 'dog' })).refused).toContain(
      'rude',
    )
    expect((await here('Olga').run('fool start', { target: 'hitler', sample: 'dog' })).refused).toContain(
      'keeps such labels',
    )
    await steps.start(room)
    expect((await here('Ada').run('fool write', { text: 'fuuuck' })).refused).toContain('rude')
  })
})

describe('an entry', () => {
  beforeAll(async () => {
    next()
    await steps.start(room)
  })
  const enter = async (name: string, bytes: Uint8Array, more = {}) =>
    here(name).run('fool enter', { picture: pictureSource(bytes), ...more })

  test('is refused where it is the picture as it was, or another one', async () => {
    expect((await enter('Ada', await sampleOf('dog'))).refused).toContain('no ink')
    expect((await enter('Ada', await sampleOf('teapot'))).refused).toContain('no longer the contest picture')
  })

  test('scores the same whoever plays and whenever, and sent twice it is one entry', async () => {
    const bytes = await edited('dog', 'pizza', 80)
    const first = await enter('Fay', bytes)
    at('2026-05-04T10:00:01Z')
    const [again, other] = [await enter('Fay', bytes), await enter('Gil', bytes)]
    const score = ({ fools, probability, ink, mirrored, blurred }: Scored) => ({
      fools,
      probability,
      ink,
      mirrored,
      blurred,
    })
    expect(score(data<Scored>(again))).toEqual(score(data<Scored>(first)))
    expect(score(data<Scored>(other))).toEqual(score(data<Scored>(first)))
    const kept = (await store().list(entries, scope, [channel])).map(({ value }) => value.name)
    expect(kept.filter((name) => name === 'Fay')).toHaveLength(1)
    const players = async () =>
      data<Board>(await here('Eve').run('fool board')).edits.map(({ player }) => player)
    expect(await players()).toEqual(['Fay', 'Gil'])
    await store().set(hiddenRecord, scope, ['gil'], { person: 'gil', at: 0 })
    expect(await players()).toEqual(['Fay', 'somebody'])
    await store().delete(hiddenRecord, scope, ['gil'])
  })

  test.runIf(atLength)('two at the same instant both count', async () => {
    const [a, b] = [await edited('dog', 'pizza', 84), await edited('dog', 'pizza', 88)]
    await Promise.all([enter('Hal', a), enter('Ida', b)])
    const players = data<Board>(await here('Eve').run('fool board')).edits.map(({ player }) => player)
    expect(players).toEqual(expect.arrayContaining(['Hal', 'Ida']))
  })

  test('says why it worked: the unit that carried it exactly, what was switched, read or seen', async () => {
    const answer = await enter('Jon', await edited('dog', 'pizza', 92))
    const { carrier, switchedOn, mirrored, probability } = data<Scored>(answer)
    expect(carrier.share).toBeGreaterThan(0)
    expect(switchedOn[0]!.change).toBeGreaterThan(1)
    expect(mirrored).toBeLessThan(probability)
    expect(picturesOf(answer)[0]!.alt).toMatch(
      /pizza .*before.*the target.*fires.*Switched on.*when I mirror the writing/,
    )
    const why = await here('Eve').press(await here('Eve').run('fool board'), 'Why the first one worked')
    expect(why.visibility).toBe('channel')
    expect(picturesOf(why)[0]!.alt).toMatch(/before \(dog \d+\s%\); with the writing \(pizza \d+\s%\)/)
    expect(textOf(why)).toMatch(/Without the writing the model says dog .*; with it, pizza/)
    expect(textOf(why)).toMatch(/one neuron did most of it: .*closer to “pizza”/)
    const own = await here('Jon').press(answer, 'Why it worked')
    // The picture is kept as a JPEG, so the last digits differ.
    expect(data<Scored>(own).carrier.unit).toBe(carrier.unit)
    expect(data<Scored>(own).carrier.share).toBeCloseTo(carrier.share, 2)
  })

  test('says why it didn’t work when the first one fools nobody', async () => {
    next()
    await steps.start(room)
    const answer = await here('Kim').run('fool enter', {
      picture: pictureSource(await edited('dog', 'x', 12)),
    })
    expect(data<Scored>(answer).fools).toBe(false)
    const board = await here('Eve').run('fool board')
    const why = await here('Eve').press(board, 'Why the first one didn’t work')
    expect(textOf(why)).toContain('Why Kim’s didn’t work')
  })

  test('is entered by its author alone, from a preview', async () => {
    const preview = await here('Kim').run('fool write', { text: 'pizza', size: 9, style: 'label' })
    expect((await here('Lea').press(preview, 'Enter the contest')).refused).toContain(
      'Only the person who wrote this',
    )
    const [once, twice] = await Promise.all([1, 2].map(() => here('Kim').press(preview, 'Enter the contest')))
    expect(data<Scored>(once!).entry).toBe(data<Scored>(twice!).entry)
  })

  test('a photograph of the thing without a label does not fool', async () => {
    const plain = data<Scored>(
      await enter('Moe', await photograph('dog', undefined), { photograph: true, box: '30,60,30,30' }),
    )
    expect(plain.fools).toBe(false)
  })

  test.each(some(1, ['2,5,10,10', undefined, '30,25,40,45', '33,40,35,30']))(
    'a photograph of the target itself wins nothing, wherever its writing is said to be (%s)',
    async (box) => {
      const bytes = await photograph('pizza', undefined)
      const pizza = await enter('Ned', bytes, { photograph: true, ...(box && { box }) })
      expect(data<Scored>(pizza)).toMatchObject({ fools: false, shortfall: 'target-without-writing' })
    },
  )

  const boxes: [string, string][] = [
    ['0,0,100,100', 'may be writing'],
    ['50,50,60,10', 'left, top, width, height'],
    ['here', 'left, top, width, height'],
  ]
  test.each(some(2, boxes))('the box %s is refused', async (box, reason) =>
    expect((await enter('Ned', await photograph('dog', 'pizza'), { box })).refused).toContain(reason),
  )

  test('can be taken back by its author, and removed by a moderator, its picture too', async () => {
    const bytes = await edited('dog', 'pizza', 70)
    const { entry } = data<Scored>(await enter('Pia', bytes))
    const id = [channel, '000001', entry]
    expect(await store().get(pictures, scope, id)).toBeDefined()
    expect(textOf(await here('Pia').run('fool withdraw'))).toContain('no other')
    expect([await store().get(pictures, scope, id), await store().get(entries, scope, id)]).toEqual([
      undefined,
      undefined,
    ])
    await enter('Pia', bytes)
    expect((await here('Bob').run('fool remove', { entry })).refused).toContain('moderators')
    const offered = await here('Max', true).complete('fool remove', 'entry', 'pia')
    expect(offered.map(({ value }) => value)).toEqual([entry])
    const [place = ''] = offered[0]!.label.split(' ')
    expect(textOf(await here('Max', true).run('fool remove', { entry: place }))).toContain('Pia')
    expect(await store().get(entries, scope, id)).toBeUndefined()
  })

  test('may not have more ink than the opener allows', async () => {
    next()
    await here('Olga').run('fool start', { target: 'pizza', sample: 'dog', ink_limit: 2 })
    expect((await enter('Ada', await edited('dog', 'pizza', 90))).refused).toMatch(
      /ink, and at most 2.0\s% is allowed/,
    )
    expect((await here('Ada').run('fool write', { text: 'pizza', size: 20 })).refused).toMatch(
      /at most 2.0\s%|write less or smaller/,
    )
  })
})

describe('an end', () => {
  const opened = async (from: number, ends = '1 hour') => {
    next()
    at(from)
    await here('Olga').run('fool start', { target: 'pizza', sample: 'dog', ends })
  }
  const t0 = Date.UTC(2026, 0, 1)
  const hour = 3_600_000

  test('comes by itself when the time is up, once, and says who won', async () => {
    await opened(t0)
    await steps.edit(room)
    at(t0 + hour - 1)
    const before = announced().length
    await runTasks(services(), closeDueContests)
    expect(announced()).toHaveLength(before)
    at(t0 + hour)
    expect((await steps.edit(room)).refused).toContain('over')
    await Promise.all([1, 2, 3].map(() => runTasks(services(), closeDueContests)))
    expect(announced()).toHaveLength(before + 1)
    expect(
      JSON.stringify(
        announced()
          .at(-1)!
          .reply.elements.filter(({ kind }) => kind === 'text'),
      ),
    ).toContain('Bob')
    await runTasks(services(), closeDueContests)
    expect(announced()).toHaveLength(before + 1)
    expect((await store().list(openContests, scope)).filter(({ id }) => id[0] === channel)).toEqual([])
  })

  test('comes later where it is extended, by the opener or a moderator', async () => {
    await opened(t0)
    expect((await here('Ada').run('fool extend', { by: '2 hours' })).refused).toContain('Olga')
    expect(textOf(await here('Max', true).run('fool extend', { by: '2 hours' }))).toContain('03:00')
    at(t0 + 2 * hour)
    await runTasks(services(), closeDueContests)
    expect((await steps.edit(room)).refused).toBeUndefined()
    expect((await here('Ada').run('fool end')).refused).toContain('Olga')
  })

  test('is quiet where the channel is gone', async () => {
    await opened(t0)
    at(t0 + hour)
    const gone = async () => {
      throw ownerError('not-found', 'The channel is gone.')
    }
    const outbox = { ...services().outbox, post: gone }
    await runTasks({ ...services(), outbox }, closeDueContests)
    expect((await store().list(openContests, scope)).filter(({ id }) => id[0] === channel)).toEqual([])
    expect(data<Board>(await here('Ada').run('fool board')).ended).not.toBeNull()
  })

  test('waits where the platform is not connected at the moment', async () => {
    await opened(t0)
    at(t0 + hour)
    const busy = async () => {
      throw ownerError('busy', 'I am not connected.')
    }
    await runTasks({ ...services(), outbox: { ...services().outbox, post: busy } }, closeDueContests)
    const before = announced().length
    await runTasks(services(), closeDueContests)
    expect(announced()).toHaveLength(before + 1)
  })

  test('of an empty contest says so', async () => {
    await opened(t0)
    expect(textOf(await here('Olga').run('fool end'))).toContain('Nobody entered.')
  })
})

test('the board has pages, and buttons that turn them in place', async () => {
  next()
  await steps.start(room)
  await steps.edit(room)
  // Eight others with the same entry.
  const [bobs] = await store().list(entries, scope, [channel])
  const picture = (await store().get(pictures, scope, bobs!.id))!
  for (const n of Array(8).keys()) {
    const id = [...bobs!.id.slice(0, -1), `other-${n}`]
    await store().set(pictures, scope, id, picture)
    await store().set(entries, scope, id, { ...bobs!.value, person: `other-${n}`, name: `Player ${n}` })
  }
  const first = await here('Eve').run('fool board')
  expect(picturesOf(first)[0]!.alt).toContain('page 1 of 2')
  const second = await here('Eve').press(first, 'Next')
  expect(second.visibility).toBe('edit')
  expect(picturesOf(second)[0]!.alt).toContain('page 2 of 2')
  expect(buttonsOf(second).find(({ label }) => label === 'Next')!.disabled).toBe(true)
})

test('the automatic attack tells for each word whether it wins', async () => {
  next()
  const answer = await here('Ada').run('fool attack', {
    picture: pictureSource(await sampleOf('dog')),
    words: 'pizza, library, trash -> wastebasket',
  })
  const { words, clean, layout } = data<{
    layout: string
    clean: { label: string }
    words: { word: string; cover: number; wins: boolean; before: number; probability: number }[]
  }>(answer)
  expect(clean.label).toBe('dog')
  // This pack sees squares in which it couldn't read the paper's letters.
  expect(layout).toBe('once')
  expect(words.map(({ word }) => word)).toEqual(['pizza', 'library', 'trash'])
  expect(words.map(({ cover }) => cover > 0.04 && cover < 0.12)).toEqual([true, true, true])
  expect(words[0]!.probability).toBeGreaterThan(words[0]!.before)
})

test('every sample that ships is there to be chosen', () => {
  const sample = start.options?.['sample']
  expect(sample?.type === 'choice' && sample.choices).toHaveLength(
    readdirSync('assets/contest').filter((file) => file.endsWith('.jpg')).length,
  )
})
