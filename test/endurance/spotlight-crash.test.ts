import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { postRecord } from '../../commands/contest/post-once.ts'
import { scheduleRecord } from '../../commands/spotlight/records.ts'
import { compiled } from '../compiled.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'

const scope = { platform: 'playground', community: 'home' }
const hour = 60 * 60_000
const day = 24 * hour
/** A minute before nine in Greenwich. */
const base = Date.UTC(2026, 4, 4, 8, 59)

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
    since: base - hour,
    by: 'mod',
  })
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
  await store.close()
  rmSync(folder, { recursive: true })
})

interface Setting {
  readonly speed: number
  readonly mode?: string
  /** What the clock shows when the child is started, in ms since 1970. */
  readonly from?: number
}

async function start({ speed, mode = '', from = base }: Setting): Promise<ChildProcess> {
  const given = [url, channel, String(Date.now()), String(from), String(speed), mode]
  const child = spawn(process.execPath, [compiled('test/endurance/spotlight-child.ts'), ...given], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.add(child)
  await once(child.stdout, 'data')
  return child
}
const go = (...all: ChildProcess[]): void => {
  for (const child of all) child.stdin!.write('go\n')
}
const posted = (): string[] =>
  existsSync(channel) ? readFileSync(channel, 'utf8').trim().split('\n').sort() : []
const outcomes = async () =>
  (await store.list(postRecord, scope)).map(({ id, value }) => [id[2], value.outcome])
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 5000; tries += 1) {
    if (await holds()) return
    await wait(20)
  }
  throw new Error('this never came to hold')
}
const today = '2026-05-04'
const key = `spotlight/general/${today}`
/** Ten minutes a second. */
const fast = 600

describe('a process that dies', () => {
  test.each([
    ['die-after-send', '', [key], 'posted'],
    ['die-before-send', '', [key], 'posted'],
    ['die-after-send', 'blind', [key, 'told mod'], 'missed'],
    ['die-before-send', 'blind', ['told mod'], 'missed'],
  ])('%s, then %s', async (dies, next, expected, outcome) => {
    const first = await start({ speed: fast, mode: dies })
    const gone = once(first, 'exit')
    go(first)
    expect((await gone)[1]).toBe('SIGKILL')
    expect(await outcomes()).toEqual([])
    go(await start({ speed: fast, mode: next, from: base + hour }))
    await until(async () => (await outcomes()).length > 0)
    await wait(300)
    expect(posted()).toEqual(expected)
    expect(await outcomes()).toEqual([[today, outcome]])
  })

  test('at ten random moments around the time: every day is posted once', async () => {
    const days = 10
    const kills: number[] = []
    for (let n = 0; n < days; n += 1) {
      // The clock stands just before the time; the kill comes while it is being prepared, claimed, sent, recorded.
      const child = await start({ speed: 1, from: base + n * day + hour })
      const gone = once(child, 'exit')
      const after = Math.random() * 80
      kills.push(Math.round(after))
      go(child)
      await wait(after)
      child.kill('SIGKILL')
      await gone
      const next = await start({ speed: fast, from: base + n * day + 2 * hour })
      go(next)
      await until(async () => (await outcomes()).length === n + 1)
      next.kill('SIGKILL')
      await once(next, 'exit')
    }
    const expected = Array.from(
      { length: days },
      (_, n) => `spotlight/general/2026-05-${String(4 + n).padStart(2, '0')}`,
    )
    expect(posted(), `killed after ${kills.join(', ')} ms`).toEqual(expected)
    expect((await outcomes()).every(([, outcome]) => outcome === 'posted')).toBe(true)
  })
})

test('two processes at once post once a local day', async () => {
  const days = 4
  for (let n = 0; n < days; n += 1) {
    // In real time: with a fast clock a claim would pass for a dead process's before the other is through.
    const from = base + n * day + hour
    const racers = await Promise.all([start({ speed: 1, from }), start({ speed: 1, from })])
    go(...racers)
    await until(async () => (await outcomes()).length === n + 1)
    await wait(200)
    for (const racer of racers) racer.kill('SIGKILL')
  }
  const lines = posted()
  expect(lines).toHaveLength(days)
  expect(new Set(lines).size).toBe(days)
})
