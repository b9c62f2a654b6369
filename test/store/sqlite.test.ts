import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { createClient } from '@libsql/client'
import { expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import { community, note } from './kinds.ts'
import { storeContract } from './store.contract.ts'

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'store-sqlite-'))
}

storeContract('SQLite', () => {
  const folder = newFolder()
  return {
    url: `sqlite://${join(folder, 'a new folder', 'games 100%?#.db')}`,
    stop: () => rmSync(folder, { recursive: true, force: true }),
  }
})

test('expired records leave the file when others that will expire come, and nothing else does', async () => {
  const folder = newFolder()
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'games.db')
  const store = await openStore(`sqlite://${file}`)
  for (let i = 0; i < 50; i++) await store.set(note, community('old'), [`${i}`], { text: 'x' }, 200)
  await store.set(note, community('old'), ['kept'], { text: 'x' })
  await sleep(300)
  for (let i = 0; i < 5; i++)
    await store.insertIfAbsent(note, community('new'), [`${i}`], { text: 'x' }, 60_000)

  const raw = createClient({ url: pathToFileURL(file).href })
  const { rows } = await raw.execute('SELECT key FROM neuron_records ORDER BY key')
  raw.close()
  await store.close()
  expect(rows.map((row) => row['key'])).toEqual([
    ...Array.from({ length: 5 }, (_, i) => `test:new:note:${i}:`),
    'test:old:note:kept:',
  ])
})
