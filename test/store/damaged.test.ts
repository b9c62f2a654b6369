import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { scheduleRecord } from '../../commands/spotlight/records.ts'
import { recordKinds } from '../../src/kinds.ts'
import { messageKind, scope as playground } from '../../src/platforms/playground/message.ts'
import { projectRoot } from '../../src/root.ts'
import { backup, restore } from '../../src/store/backup.ts'
import { inspect } from '../../src/store/inspect.ts'
import { keyOf } from '../../src/store/keys.ts'
import { openDriver, openStore } from '../../src/store/open.ts'
import type { DamagedRecord } from '../../src/store/records.ts'
import { atLength } from '../examples.ts'
import { BrowserClient, wordsOf } from '../platforms/playground/browser-client.ts'
import { startPlayground } from '../platforms/playground/start.ts'

const folder = mkdtempSync(join(tmpdir(), 'store-damaged-'))
afterAll(() => rmSync(folder, { recursive: true }))
let stores = 0
let file: string
let url: string
beforeEach(() => {
  file = join(folder, `${stores++}.db`)
  url = `sqlite://${file}`
})

/** Overwrites records, beneath the store. */
async function damage(records: Readonly<Record<string, string>>): Promise<void> {
  const driver = await openDriver(url)
  for (const [key, value] of Object.entries(records)) await driver.keyv.set(keyOf(key.split('/')), value)
  await driver.keyv.disconnect()
}

const cli = (...argv: string[]) =>
  spawnSync(process.execPath, [join(projectRoot, 'bin/neuron-games.js'), ...argv], {
    env: { PATH: process.env['PATH'], STORE_URL: url, PROVIDER: 'cpu', LOG_LEVEL: 'warn' },
    encoding: 'utf8',
  })

const schedule = { time: { hour: 9, minute: 0 }, zone: 'UTC', days: [1], since: 1 }

describe('a damaged record', () => {
  const home = { platform: 'discord', community: 'g1' }
  beforeEach(async () => {
    const store = await openStore(url)
    for (const channel of ['c1', 'c2', 'c3', 'c4']) await store.set(scheduleRecord, home, [channel], schedule)
    await store.close()
    await damage({
      'discord/g1/spotlight-schedule/c1': 'not JSON',
      'discord/g1/spotlight-schedule/c2': '{"version":2,"value":{"time":"noon"}}',
      'discord/g1/spotlight-schedule/c3': '{"version":99,"value":{}}',
    })
  })

  test('is left out of lists and reported once, with its key; asked for by itself, it is an error', async () => {
    const damaged: DamagedRecord[] = []
    const store = await openStore(url, (record) => damaged.push(record))
    for (let i = 0; i < 2; i++)
      expect((await store.list(scheduleRecord, home)).map(({ id }) => id)).toEqual([['c4']])
    expect(damaged.map(({ key }) => key.join('/'))).toEqual(
      ['c1', 'c2', 'c3'].map((channel) => `discord/g1/spotlight-schedule/${channel}`),
    )
    await expect(store.get(scheduleRecord, home, ['c1'])).rejects.toThrow(
      'The record discord / g1 / spotlight-schedule / c1 is damaged: it is no record of this program.',
    )
    await store.close()
  })

  test.runIf(atLength)('is listed by the doctor, who ends with status 1, or 0 if all is well', async () => {
    const { records, damaged } = await inspect(url, recordKinds)
    expect([records, damaged.length]).toEqual([4, 3])
    const { status, stdout } = cli('doctor')
    expect(stdout).toContain('ok   settings')
    expect(stdout).toMatch(/BAD {2}The record discord \/ g1 \/ spotlight-schedule \/ c1 is damaged/)
    expect(stdout.match(/^BAD /gm)).toHaveLength(3)
    expect(status).toBe(1)
    if (!atLength) return
    await damage(
      Object.fromEntries(
        ['c1', 'c2', 'c3'].map((channel) => [
          `discord/g1/spotlight-schedule/${channel}`,
          JSON.stringify({ version: 2, value: schedule }),
        ]),
      ),
    )
    const well = cli('doctor')
    expect(well.stdout).toContain('ok   store: 4 records, all of which can be read')
    expect(well.stdout).not.toContain('BAD')
    expect(well.status).toBe(0)
  })

  test('makes no backup unreadable: what is not a record is left out and reported', async () => {
    const out = new PassThrough()
    const damaged: DamagedRecord[] = []
    const [records, lines] = await Promise.all([backup(url, out, (one) => damaged.push(one)), text(out)])
    expect([records, damaged.map(({ key }) => key.at(-1))]).toEqual([3, ['c1']])
    url = `sqlite://${join(folder, 'restored.db')}`
    expect(await restore(url, Readable.from([lines]))).toBe(3)
  })
})

test('damaged records don’t stop the playground from starting: the rest is there, and the owner is told', async () => {
  const store = await openStore(url)
  const message = (id: string, words: string) => ({
    id,
    channel: 'general',
    author: { id: 'a', name: 'Ada', bot: false },
    text: words,
  })
  await store.set(messageKind, playground, ['general', '00000000000001'], message('00000000000001', 'first'))
  await store.close()
  const first = await startPlayground(url)
  const owner = await BrowserClient.open(first.url)
  await owner.own(first.ownerUrl)
  const { id } = (await owner.state()).me
  await first.stop()
  await damage({
    'playground/playground/playground-message/general/00000000000002': '{"version":1,"value":{"id":3}}',
    'playground/playground/playground-channel/odd': '',
    'playground/playground/playground-file/f': '{}',
    'playground/playground/playground-key/cookies': '{"version":1}',
    [`playground/playground/playground-person/${id}`]: 'x',
  })
  const damaged: string[] = []
  const again = await openStore(url, ({ key }) => damaged.push(key[2]!))
  const second = await startPlayground(again, 0, undefined, undefined, damaged)
  // The key of the cookies is among the damaged: everybody is new, and the owner opens the new link.
  const browser = await BrowserClient.open(second.url)
  await browser.own(second.ownerUrl)
  const state = await browser.state()
  expect(state.channels).toEqual(['general', 'games'])
  expect(state.messages.map((each) => each.text)).toContain('first')
  expect(damaged.sort()).toEqual([
    'playground-channel',
    'playground-file',
    'playground-key',
    'playground-message',
  ])
  const told = (await again.list(messageKind, playground)).find(({ value }) => value.onlyFor === id)
  expect(wordsOf(told!.value)).toContain('4 records in the store are damaged and were left out.')
  await second.stop()
})

describe('what cannot be done is reported once, with status 2', () => {
  test('a backup of a store that is not there, which doesn’t create one', () => {
    const target = join(folder, 'none.jsonl')
    expect(cli('backup', target)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: `There is no store at ${file}: check STORE_URL.\n`,
    })
    expect([existsSync(file), existsSync(target)]).toEqual([false, false])
  })

  test.runIf(atLength)('a card into a folder that is missing, before anything is computed', () => {
    const card = join(folder, 'missing', 'card.png')
    expect(cli('avatar', '--card', card)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: `${card} cannot be written; please name a file in a folder that is there.\n`,
    })
  })

  test.skipIf(process.platform === 'win32')('a SQLite file that is read-only', async () => {
    const store = await openStore(url)
    await store.close()
    const nobody = 65_534
    const asRoot = process.getuid?.() === 0
    for (const path of asRoot ? [folder, file] : []) chownSync(path, nobody, nobody)
    chmodSync(file, 0o444)
    chmodSync(folder, 0o555)
    const open = `import { openStore } from './dist/src/store/open.js'
      await openStore(process.env.STORE_URL).then(() => console.log('it serves'), (error) => console.log(error.message))`
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', open], {
      cwd: projectRoot,
      env: { PATH: process.env['PATH'], STORE_URL: url, HOME: tmpdir(), TMPDIR: tmpdir() },
      encoding: 'utf8',
      ...(asRoot && { uid: nobody, gid: nobody }),
    })
    chmodSync(folder, 0o755)
    expect(stdout + stderr).toMatch(
      /^The store at the SQLite file .* cannot be opened \(.*readonly.*\): check STORE_URL\.\n$/,
    )
  })
})
