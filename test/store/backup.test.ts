import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { UserError } from '../../src/errors.ts'
import { backup, restore } from '../../src/store/backup.ts'
import { openStore } from '../../src/store/open.ts'
import { some } from '../examples.ts'
import { community, note, picture } from './kinds.ts'
import { postgresIsMissing, redisIsMissing, startPostgres, startRedis, type TestServer } from './servers.ts'

const folder = mkdtempSync(join(tmpdir(), 'store-backup-'))
afterAll(() => rmSync(folder, { recursive: true }))
let files = 0
const newFile = (): string => `sqlite://${join(folder, `${files++}.db`)}`

const strange = { platform: 'slack', community: 'T:1/é%\n' }
const bytes = Uint8Array.from({ length: 120_000 }, (_, index) => (index * 7) % 256)

/** A store with 320 notes, 30 pictures (more than one batch of either), an odd name and a record that expires. */
async function fill(url: string): Promise<void> {
  const store = await openStore(url)
  for (let i = 0; i < 320; i++)
    await store.set(note, community('notes'), ['n', `${i}`], { text: `note ${i}` })
  for (let i = 0; i < 30; i++) await store.set(picture, strange, [`${i}`], { bytes, alt: 'base64: \0 🧠' })
  await store.set(note, community('brief'), ['hour'], { text: 'an hour' }, 3_600_000)
  await store.set(note, community('brief'), ['moment'], { text: 'a moment' }, 1)
  await sleep(20)
  await store.close()
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function contents(url: string): Promise<unknown> {
  const store = await openStore(url)
  const pictures = await store.list(picture, strange)
  const all = {
    scopes: await store.scopes(),
    notes: await store.list(note, community('notes')),
    pictures: pictures.map(({ id, value }) => ({ id, alt: value.alt, digest: digest(value.bytes) })),
    brief: await store.list(note, community('brief')),
  }
  await store.close()
  return all
}

async function backupOf(url: string): Promise<{ records: number; lines: string }> {
  const out = new PassThrough()
  const [records, lines] = await Promise.all([backup(url, out), text(out)])
  return { records, lines }
}

const withoutDate = (lines: string): string => lines.slice(lines.indexOf('\n'))

/** In pieces that break lines and characters anywhere, as a file or pipe may. */
const inPieces = (lines: string): Readable => {
  const all = Buffer.from(lines)
  const pieces = Array.from({ length: Math.ceil(all.length / 9973) }, (_, i) =>
    all.subarray(i * 9973, (i + 1) * 9973),
  )
  return Readable.from(pieces, { objectMode: false })
}

describe('a backup', () => {
  const url = newFile()
  let saved: { records: number; lines: string }
  let began: number
  beforeAll(async () => {
    began = Date.now()
    await fill(url)
    saved = await backupOf(url)
  })

  test('begins with format and date, has a line for each record, and ends with their number', () => {
    const lines = saved.lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(saved.records).toBe(351)
    expect(lines).toHaveLength(353)
    expect(lines[0]).toMatchObject({ format: 'neuron-games backup', version: 1 })
    const date = Date.parse(lines[0]!['date'] as string)
    expect(date).toBeGreaterThanOrEqual(began)
    expect(date).toBeLessThanOrEqual(Date.now())
    expect(lines.at(-1)).toEqual({ records: 351 })
    expect(lines).toContainEqual({
      key: ['test', 'notes', 'note', 'n', '12'],
      record: { version: 1, value: { text: 'note 12' } },
    })
  })

  test('restores everything into another store as it was, expiring records included', async () => {
    const copy = newFile()
    expect(await restore(copy, inPieces(saved.lines))).toBe(351)
    expect(await contents(copy)).toEqual(await contents(url))
    const again = await backupOf(copy)
    expect(withoutDate(again.lines)).toBe(withoutDate(saved.lines))
  })

  test('replaces what is there under the same key and leaves the rest; twice is the same as once', async () => {
    const target = newFile()
    const store = await openStore(target)
    await store.set(note, community('notes'), ['n', '1'], { text: 'other' })
    await store.set(note, community('notes'), ['own'], { text: 'own' })
    for (let times = 0; times < 2; times++) await restore(target, inPieces(saved.lines))
    expect(await store.get(note, community('notes'), ['n', '1'])).toEqual({ text: 'note 1' })
    expect(await store.list(note, community('notes'))).toHaveLength(321)
    await store.close()
  })

  test('leaves out what has expired since', async () => {
    const lines = saved.lines.replace(/"expires":\d+/, '"expires":1000')
    const target = newFile()
    expect(await restore(target, inPieces(lines))).toBe(350)
    expect(await contents(target)).toMatchObject({ brief: [] })
  })

  test('of an empty store is a backup too', async () => {
    const { records, lines } = await backupOf(newFile())
    expect(records).toBe(0)
    expect(await restore(newFile(), inPieces(lines))).toBe(0)
  })

  describe('is refused, with the reason, if it', () => {
    test.each([
      ['is empty', () => [''], 'not a backup'],
      ['is some other text', () => ['Dear diary'], 'not a backup'],
      ['is some other JSON', () => ['{"format":"x"}'], 'not a backup'],
      [
        'was made by a newer version',
        ([head, ...rest]: string[]) => [head!.replace(':1,', ':2,'), ...rest],
        'newer',
      ],
      [
        'is cut off in a line',
        (lines: string[]) => [...lines.slice(0, 9), '{"key":["te'],
        'Line 10 of the backup',
      ],
      ['is cut off between lines', (lines: string[]) => lines.slice(0, 10), 'cut off after line 10'],
      ['lacks a line', (lines: string[]) => lines.toSpliced(5, 1), 'cut off'],
      ['goes on after its end', (lines: string[]) => [...lines, lines[1]!], 'Line 354'],
    ])('%s', async (_, change, reason) => {
      const lines = change(saved.lines.trimEnd().split('\n')).join('\n')
      const error = await restore(newFile(), inPieces(lines)).catch((error: unknown) => error)
      expect(error).toBeInstanceOf(UserError)
      expect((error as UserError).message).toContain(reason)
    })
  })

  test('a file that cannot be read or written fails as such, not as a short backup', async () => {
    const broken = new Readable({ read: () => broken.destroy(new Error('disk gone')) })
    await expect(restore(newFile(), broken)).rejects.toThrow('disk gone')
    const full = new PassThrough()
    full.destroy(new Error('disk full'))
    await expect(backup(url, full)).rejects.toThrow('disk full')
  })
})

const others = [
  { name: 'Redis', start: startRedis, missing: redisIsMissing },
  { name: 'PostgreSQL', start: startPostgres, missing: postgresIsMissing },
]
describe.each(some(1, others))('from SQLite to $name and back', ({ start, missing }) => {
  let server: TestServer
  let url: string
  beforeAll(async () => {
    if (!missing) server = await start()
  })
  afterAll(() => server?.stop())
  beforeEach(() => {
    url = newFile()
  })

  test.skipIf(missing)(`gives the same${missing ? ` (${missing})` : ''}`, async () => {
    await fill(url)
    const there = await backupOf(url)
    expect(await restore(server.url, inPieces(there.lines))).toBe(351)
    expect(await contents(server.url)).toEqual(await contents(url))
    const back = newFile()
    await restore(back, inPieces((await backupOf(server.url)).lines))
    expect(await contents(back)).toEqual(await contents(url))

    const store = await openStore(server.url)
    const deleted = await Promise.all((await store.scopes()).map((scope) => store.deleteScope(scope)))
    expect(deleted.reduce((a, b) => a + b)).toBe(351)
    await store.close()
  })
})
