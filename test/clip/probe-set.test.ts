import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RawPicture } from '../../src/pictures/picture.ts'
import { type ProbeIndex, type ProbeSet, openProbeSet } from '../../src/clip/probe-set.ts'
import { projectRoot } from '../../src/root.ts'
import { amount, some } from '../examples.ts'

const pack = join(projectRoot, 'models', 'pocket')
const folder = join(pack, 'probe')

/** Free to ship and to change, as long as the author is named. */
const allowed = /^(MIT|Apache-2\.0|CC-BY-[234]\.0|CC0-1\.0|public domain)$/

const meanOf = ({ data }: RawPicture): [number, number, number] => {
  const sums: [number, number, number] = [0, 0, 0]
  for (let i = 0; i < data.length; i++) sums[i % 3]! += (3 * data[i]!) / data.length
  return sums
}

describe('the pocket pack’s probe set', () => {
  let probe: ProbeSet
  beforeAll(async () => {
    probe = await openProbeSet(folder)
  })

  const emoji = (label: string) => probe.picture(of('emoji').findLast((item) => item.label === label)!)
  const of = (kind: string) => probe.items.filter((item) => item.kind === kind)

  it('has over a thousand drawings, hundreds of photographs and hundreds of words', () => {
    expect(of('emoji').length + of('icon').length).toBeGreaterThan(1000)
    expect(of('icon').length).toBeGreaterThan(500)
    expect(of('photo').length).toBeGreaterThan(450)
    expect(of('word').length).toBeGreaterThan(250)
  })

  it('has many pictures of every kind from sources that the model did not learn from', () => {
    for (const kind of ['emoji', 'icon', 'photo', 'word']) {
      expect(of(kind).filter(({ heldOut }) => heldOut).length).toBeGreaterThan(100)
    }
  })

  it('names author, origin and a free licence of every source', () => {
    for (const source of Object.values(probe.sources)) {
      expect(source.licence).toMatch(allowed)
      expect(source.author).not.toBe('')
      expect(source.url).toMatch(/^https:\/\//)
    }
  })

  it('labels every picture, and lists its labels, in words of the pack’s vocabulary', () => {
    const file = readFileSync(join(pack, 'vocabulary.json'), 'utf8')
    const texts = new Set((JSON.parse(file) as { text: string }[]).map(({ text }) => text))
    const labels = [...probe.items.map(({ label }) => label), ...probe.labels]
    expect(labels.filter((label) => !texts.has(label))).toEqual([])
  })

  it('has a picture of every label it lists', () => {
    const shown = new Set(probe.items.filter(({ kind }) => kind !== 'word').map(({ label }) => label))
    expect(probe.labels.filter((label) => !shown.has(label))).toEqual([])
    expect(new Set(probe.labels).size).toBe(probe.labels.length)
  })

  it('decodes its pictures, and none is blank', async () => {
    const every = amount(16, 1)
    for (const item of probe.items.filter((_, i) => i % every === 0)) {
      const { width, height, data } = await probe.picture(item)
      expect([width, height, data.length]).toEqual([128, 128, 128 * 128 * 3])
      const inked = data.reduce((count, value) => count + Number(value < 235), 0)
      expect({ ...item, blank: inked < 100 }).toEqual({ ...item, blank: false })
    }
  })

  it('gives the picture of the item asked for, in any order', async () => {
    const [tomatoRed, tomatoGreen] = meanOf(await emoji('tomato'))
    const [heartRed, , heartBlue] = meanOf(await emoji('blue heart'))
    expect(tomatoRed).toBeGreaterThan(tomatoGreen + 40)
    expect(heartBlue).toBeGreaterThan(heartRed + 40)
    const few = some(3, [0, 1500, 1, 2600, 700, 1501]).map((i) => probe.items[i]!)
    const alone = await Promise.all(few.map(async (item) => (await openProbeSet(folder)).picture(item)))
    expect(await Promise.all(few.map((item) => probe.picture(item)))).toEqual(alone)
  })
})

describe('opening a probe set with something wrong', () => {
  const copy = mkdtempSync(join(tmpdir(), 'probe-set-'))
  afterAll(() => rmSync(copy, { recursive: true }))

  async function opened(change: (index: ProbeIndex) => void): Promise<string> {
    cpSync(folder, copy, { recursive: true })
    const file = join(copy, 'index.json')
    const index = JSON.parse(readFileSync(file, 'utf8')) as ProbeIndex
    change(index)
    writeFileSync(file, JSON.stringify(index))
    const error: unknown = await openProbeSet(copy).catch((error: unknown) => error)
    expect(error).toMatchObject({ name: 'UserError', code: 'bad-pack' })
    return (error as Error).message
  }

  it('names a sheet that is not the one it was', async () => {
    const message = await opened(({ sheets }) => {
      const file = join(copy, sheets[2]!.file)
      writeFileSync(file, readFileSync(file).subarray(0, -1))
    })
    expect(message).toBe(
      `${join(copy, 'sheet-02.webp')} is not the file that its index.json names: put the original file back.`,
    )
  })

  it('names a sheet that is missing', async () => {
    const message = await opened(({ sheets }) => rmSync(join(copy, sheets[0]!.file)))
    expect(message).toBe(`The probe set lacks ${join(copy, 'sheet-00.webp')}: put the file back.`)
  })

  it('names an item without a source, and one beyond the last sheet', async () => {
    const sourceless = await opened(({ items }) => {
      items[5]!.source = 'nowhere'
    })
    const beyond = await opened(({ items, sheets }) => {
      items[7]!.tile = sheets.length * 256
    })
    expect(sourceless).toBe(
      `${join(copy, 'index.json')} is wrong at items.5: it names a source or a tile that is not there.`,
    )
    expect(beyond).toContain('items.7')
  })

  it('names a folder without an index', async () => {
    const nowhere = openProbeSet(join(copy, 'nowhere'))
    await expect(nowhere).rejects.toMatchObject({
      code: 'bad-pack',
      message: expect.stringContaining('index.json') as string,
    })
  })
})
