import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closeDueContests } from '../../commands/fool/closing.ts'
import { results } from '../../commands/fool/records.ts'
import { fool } from '../../commands/fool.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { steps } from './fool-steps.ts'
import { openTable, runTasks, type Table } from './harness.ts'

const scope = { platform: 'playground', community: 'home' }
const folder = mkdtempSync(join(tmpdir(), 'fool-crash-'))
let stores = 0
let url = ''
let store: Store

/** A process of its own on the store of this test. */
function child(...parameters: string[]): ChildProcess {
  const [mode, ...rest] = parameters
  const file = join(import.meta.dirname, 'child.ts')
  const given = ['--import', 'tsx', file, mode!, url, ...rest]
  return spawn(process.execPath, given, { stdio: ['pipe', 'pipe', 'ignore'] })
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  const [chunk] = (await once(stdout!, 'data')) as [Buffer]
  return chunk.toString().trim()
}

async function fresh(): Promise<void> {
  url = `sqlite://${join(folder, `${(stores += 1)}.db`)}`
  store = await openStore(url)
}
afterAll(() => rmSync(folder, { recursive: true }))

/** The same store at a table of this process. */
async function withTable<T>(use: (table: Table) => Promise<T>): Promise<T> {
  const table = await openTable([fool], { store })
  try {
    return await use(table)
  } finally {
    await table.close()
  }
}

describe('a restart', () => {
  beforeAll(fresh)

  test('by SIGKILL between any two steps loses nothing of a contest', async () => {
    for (const step of Object.keys(steps)) {
      const player = child('step', step)
      expect([step, await firstLine(player)]).toEqual([step, 'done'])
      player.kill('SIGKILL')
      await once(player, 'close')
    }
    const result = await store.get(results, scope, ['general', '000001'])
    expect(result?.edits.map(({ entry }) => entry.name)).toEqual(['Ada', 'Bob'])
    expect(result?.photographs.map(({ entry }) => entry.name)).toEqual(['Cleo'])
    await withTable(async (table) => {
      await runTasks(table.services, closeDueContests)
      expect(table.posts).toEqual([])
    })
  }, 180_000)
})

describe('an end', () => {
  beforeAll(fresh)

  test('comes once where two processes close the same contest at the same instant', async () => {
    await withTable(async (table) => {
      table.setTime(new Date(Date.now() - 48 * 3_600_000))
      await steps.start(table)
      await steps.write(table)
    })
    const announced = join(folder, 'announced')
    const closers = [child('close', announced), child('close', announced)]
    expect(await Promise.all(closers.map(firstLine))).toEqual(['ready', 'ready'])
    for (const closer of closers) closer.stdin!.write('now\n')
    await Promise.all(closers.map((closer) => once(closer, 'close')))
    expect(readFileSync(announced, 'utf8')).toBe('posted\n')
    expect(await store.list(results, scope)).toHaveLength(1)
  }, 120_000)
})
