import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { postRecord } from '../../commands/contest/post-once.ts'
import { scheduleRecord } from '../../commands/spotlight/records.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { compiled } from '../compiled.ts'
import type { Death } from '../dying-store.ts'
import { atLength, some } from '../examples.ts'
import { nextLine } from '../next-line.ts'

const scope = { platform: 'playground', community: 'home' }
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** Nine in Greenwich, when the post is due. */
const nine = Date.UTC(2026, 4, 4, 9)

let folder: string
let url: string
let channel: string
let store: Store
const children = new Set<ChildProcess>()
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spotlight-'))
  url = `sqlite://${join(folder, 'store.sqlite')}`
  channel = join(folder, 'channel.txt')
  store = await openStore(url)
  await store.set(scheduleRecord, scope, ['general'], {
    time: { hour: 9, minute: 0 },
    zone: 'UTC',
    days: [1, 2, 3, 4, 5, 6, 7],
    since: nine - hour,
    by: 'mod',
  })
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
  await store.close()
  rmSync(folder, { recursive: true })
})

/** A process that is told what time it is. */
async function start(mode = '', death?: Death): Promise<ChildProcess> {
  const given = [
    compiled('test/commands/spotlight/child.ts'),
    url,
    channel,
    // Each has ids of its own.
    String(children.size),
    mode,
    ...(death ? [JSON.stringify(death)] : []),
  ]
  const child = spawn(process.execPath, given, { stdio: ['pipe', 'pipe', 'inherit'] })
  children.add(child)
  await nextLine(child)
  return child
}
/** Tells it; resolves when it has checked what is due. @returns whether it is still alive */
async function tick(child: ChildProcess, time: number): Promise<boolean> {
  const over = new AbortController()
  const { signal } = over
  const looked = Promise.race([
    once(child.stdout!, 'data', { signal }).then(() => true),
    once(child, 'close', { signal }).then(() => false),
  ])
  child.stdin!.write(`${time}\n`)
  return looked.finally(() => over.abort())
}
const posted = (): string[] =>
  existsSync(channel) ? readFileSync(channel, 'utf8').trim().split('\n').sort() : []
const outcomes = async () =>
  (await store.list(postRecord, scope)).map(({ id, value }) => [id[2], value.outcome])
const dayOf = (n: number): string => new Date(nine + n * day).toISOString().slice(0, 10)
const keyOf = (n: number): string => `spotlight/general/${dayOf(n)}`

describe('a process that dies', () => {
  const deaths: [string, string, string[], string][] = [
    ['die-before-send', 'blind', ['told mod'], 'missed'],
    ['die-after-send', '', [keyOf(0)], 'posted'],
    ['die-before-send', '', [keyOf(0)], 'posted'],
    ['die-after-send', 'blind', [keyOf(0), 'told mod'], 'missed'],
  ]
  test.each(some(1, deaths))('%s, then %s', async (dies, next, expected, outcome) => {
    const first = await start(dies)
    expect(await tick(first, nine - minute)).toBe(true)
    expect(posted()).toEqual([])
    expect(await tick(first, nine)).toBe(false)
    expect(await outcomes()).toEqual([])
    const second = await start(next)
    // The claim might still belong to another process.
    await tick(second, nine + minute)
    expect(await outcomes()).toEqual([])
    await tick(second, nine + 3 * minute)
    await tick(second, nine + 4 * minute)
    expect(posted()).toEqual(expected)
    expect(await outcomes()).toEqual([[dayOf(0), outcome]])
  })

  test.runIf(atLength)('before any of its writes: every day is posted once', async () => {
    const survivor = await start()
    let died = true
    let days = 0
    for (; died; days += 1) {
      const victim = await start('', { write: days + 1, when: 'before' })
      died = !(await tick(victim, nine + days * day))
      for (const later of [3, 6]) await tick(survivor, nine + days * day + later * minute)
      expect(await outcomes()).toHaveLength(days + 1)
    }
    // A day's neuron, its pictures, the claim, the post: each is a write.
    expect(days - 1).toBeGreaterThanOrEqual(5)
    expect(posted()).toEqual(Array.from({ length: days }, (_, n) => keyOf(n)))
    expect((await outcomes()).every(([, outcome]) => outcome === 'posted')).toBe(true)
  })
})

test('two processes at once post only once a local day', async () => {
  const racers = await Promise.all([start(), start()])
  const days = 10
  for (let n = 0; n < days; n += 1) {
    await Promise.all(racers.map((racer) => tick(racer, nine + n * day)))
    for (const racer of racers) await tick(racer, nine + n * day + 3 * minute)
  }
  expect(posted()).toEqual(Array.from({ length: days }, (_, n) => keyOf(n)))
  expect(await outcomes()).toHaveLength(days)
})
