import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { postRecord } from '../../commands/contest/post-once.ts'
import { scheduleRecord } from '../../commands/spotlight/records.ts'
import { random, seedOf } from '../../src/games/seed.ts'
import { compiled } from '../compiled.ts'
import { BotProcess } from '../platforms/bot-process.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { nextLine } from '../next-line.ts'

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
const bots = new Set<BotProcess>()
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
  for (const bot of bots) await bot.end('SIGKILL')
  bots.clear()
  await store.close()
  rmSync(folder, { recursive: true })
})

interface Setting {
  readonly speed: number
  readonly mode?: string
  /** What the clock shows when the child is started, in ms since 1970. */
  readonly from?: number
}

/** Processes so far: each has ids of its own. */
let started = 0
async function start({ speed, mode = '', from = base }: Setting): Promise<ChildProcess> {
  const seed = String((started += 1))
  const given = [url, channel, String(Date.now()), String(from), String(speed), mode, seed]
  const child = spawn(process.execPath, [compiled('test/endurance/spotlight-child.ts'), ...given], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.add(child)
  await nextLine(child)
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
      // The clock is just short of the time; the kill comes while the post is prepared, claimed, sent or recorded.
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

test('two processes at once post only once a local day', async () => {
  const days = 4
  for (let n = 0; n < days; n += 1) {
    // In real time: by a fast clock, a claim would look like a dead process's before the other is through.
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

test('three processes, killed at random moments, post once a day for a month', async () => {
  const days = 30
  const seed = Number(process.env['SEED'] ?? seedOf(Date.now()))
  const next = random(seed)
  const argv = [compiled('test/endurance/spotlight-child.ts'), url, channel, '0', '0', '0', 'told']
  const serving: BotProcess[] = []
  const starting = new Set<Promise<void>>()
  const startOne = (): void => {
    const bot = new BotProcess({ argv: [...argv, String((started += 1))], ready: /ready/ })
    bots.add(bot)
    const ready = bot.serves().then(() => {
      serving.push(bot)
      starting.delete(ready)
    })
    starting.add(ready)
  }
  for (let n = 0; n < 3; n += 1) startOne()
  await Promise.all(starting)

  let kills = 0
  let alone = 0
  /** Moves the clock of all the processes, and kills one of them while they check what is due. */
  async function move(time: number, kill: boolean): Promise<void> {
    while (serving.length === 0) await Promise.race(starting)
    if (serving.length === 1) alone += 1
    const looked = serving.map((bot) => bot.tick(time))
    if (kill) {
      await wait(60 * next())
      const [victim] = serving.splice(Math.floor(next() * serving.length), 1)
      await victim!.end('SIGKILL')
      kills += 1
      startOne()
    }
    await Promise.all(looked)
  }

  for (let n = 0; n < days; n += 1) {
    const nine = base + hour / 60 + n * day
    for (let h = -8; h < 0; h += 1) await move(nine + h * hour, false)
    // Minute by minute around the time, with three kills somewhere.
    const deadly = new Set([0, Math.floor(1 + 4 * next()), Math.floor(5 + 10 * next())])
    for (let m = -5; m < 20; m += 1) {
      // All three look at once when the time comes.
      if (m === 0) await Promise.all(starting)
      await move(nine + m * (hour / 60), deadly.has(m))
    }
    for (let h = 1; h < 16; h += 1) await move(nine + h * hour, next() < 0.1)
  }
  // Those just started are not killed before they serve, which would look like a bot that can't.
  await Promise.all(starting)
  process.stdout.write(`seed ${seed}: ${kills} kills in ${days} days, one process alone at ${alone} steps\n`)
  const expected = Array.from({ length: days }, (_, n) => new Date(base + n * day).toISOString().slice(0, 10))
  expect(posted()).toEqual(expected.map((date) => `spotlight/general/${date}`))
  expect(Object.fromEntries(await outcomes())).toEqual(
    Object.fromEntries(expected.map((date) => [date, 'posted'])),
  )
})
