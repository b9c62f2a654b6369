import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { MinuteTask } from '../src/chat/minute-task.ts'
import type { Services } from '../src/chat/services.ts'
import { SteadyClock } from '../src/games/steady-clock.ts'
import { openStore } from '../src/store/open.ts'
import type { RecordKind, Scope, Store } from '../src/store/store.ts'
import { startTicker } from '../src/ticker.ts'

const minute = 60_000
const day = 24 * 60 * minute
const never = new Promise<never>(() => {})
const known: RecordKind<unknown> = { name: 'known', version: 1, schema: z.unknown() }

let store: Store
/** How far the clock is ahead of the real time. */
let aheadMs = 0
let services: Services
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] })
  store = await openStore('sqlite::memory:')
  aheadMs = 0
  const now = () => new Date(Date.now() + aheadMs)
  services = { store, now, log: pino({ level: 'silent' }) } as unknown as Services
  for (const platform of ['discord', 'slack'])
    for (const community of ['one', 'two']) await store.set(known, { platform, community }, ['x'], 1)
})
afterEach(async () => {
  vi.useRealTimers()
  await store.close()
})

/** Counts its runs; if `hangs` says so, a run never ends. */
function counting(hangs: (scope: Scope) => boolean = () => false, atOnce = 4) {
  const runs = new Map<string, number>()
  const task: MinuteTask = {
    atOnce,
    async run(_services, scope) {
      const key = `${scope.platform} ${scope.community}`
      runs.set(key, (runs.get(key) ?? 0) + 1)
      if (hangs(scope)) await never
    },
  }
  return { task, of: (key: string) => runs.get(key) ?? 0 }
}

/** Lets this many ticks go by. */
async function minutes(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await vi.advanceTimersByTimeAsync(minute)
    await settled()
  }
}

/** The store answers in real time. */
const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
const until = async (what: () => boolean) => {
  while (!what()) await settled()
}

describe('every minute', () => {
  test('a community that hangs delays nobody else, and neither does a task', async () => {
    const hanging = counting(({ community }) => community === 'one')
    const quick = counting()
    startTicker([hanging.task, quick.task], services)
    await until(() => quick.of('slack two') === 1)
    for (let n = 2; n <= 4; n += 1) {
      await minutes(1)
      await until(() => quick.of('slack two') === n && hanging.of('slack two') === n)
    }
    expect(hanging.of('slack one')).toBe(1)
    expect(quick.of('slack one')).toBe(4)
  })

  test('a platform that hangs in all its communities holds up no other', async () => {
    const task = counting(({ platform }) => platform === 'slack', 1)
    startTicker([task.task], services)
    await until(() => task.of('discord two') === 1)
    await minutes(1)
    await until(() => task.of('discord two') === 2)
    expect(task.of('slack one') + task.of('slack two')).toBe(1)
  })

  test('what fails is tried again a minute later', async () => {
    const quick = counting()
    const failing: MinuteTask = {
      atOnce: 1,
      async run(...given) {
        await quick.task.run(...given)
        throw new Error('not today')
      },
    }
    const ticker = startTicker([failing], services)
    await until(() => quick.of('slack two') === 1)
    await minutes(1)
    await until(() => quick.of('slack two') === 2)
    await ticker.stop()
  })

  test('a clock that is 20 days ahead for one tick starts nothing', async () => {
    const days: string[] = []
    const task: MinuteTask = {
      atOnce: 1,
      run: async ({ now }) => void days.push(now().toISOString().slice(0, 10)),
    }
    const today = new Date().toISOString().slice(0, 10)
    startTicker([task], services)
    await until(() => days.length === 4)
    aheadMs = 20 * day
    await minutes(1)
    aheadMs = 0
    await minutes(1)
    await until(() => days.length === 8)
    expect(new Set(days)).toEqual(new Set([today]))
  })
})

test('the store is swept at the start and every hour, even if that fails once', async () => {
  const sweep = vi.spyOn(store, 'sweep').mockRejectedValueOnce(new Error('away'))
  const ticker = startTicker([], services)
  expect(sweep).toHaveBeenCalledTimes(1)
  await minutes(120)
  expect(sweep).toHaveBeenCalledTimes(3)
  await ticker.stop()
})

describe('a clock', () => {
  test('is believed while it keeps pace with a stopwatch, or is corrected a little', () => {
    const clock = new SteadyClock()
    expect([0, 1, 2, 3].map((n) => clock.believes(1e12 + n * minute + n * 500, n * minute))).not.toContain(
      false,
    )
  })

  test.each([20 * day, -20 * day])('that jumps by %d ms is believed once it stays there', (jump) => {
    const clock = new SteadyClock()
    const looks = [0, 1, 2, 3, 4].map((n) =>
      clock.believes(1e12 + n * minute + (n > 0 ? jump : 0), n * minute),
    )
    expect(looks).toEqual([true, false, false, true, true])
  })
})
