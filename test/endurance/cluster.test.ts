import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postRecord } from '../../commands/contest/post-once.ts'
import { scheduleRecord } from '../../commands/spotlight/records.ts'
import { random, seedOf } from '../../src/games/seed.ts'
import { projectRoot } from '../../src/root.ts'
import { openStore } from '../../src/store/open.ts'
import { games, place, players, type Told, type Try } from '../commands/all-games.ts'
import { type Bots, openBots } from '../commands/bots.ts'
import {
  everyEntryHasItsPicture,
  everyRightAnswerHasItsPoints,
  nameOf,
  openContests,
  stored,
} from '../commands/crashes.ts'
import { compiled } from '../compiled.ts'
import {
  postgresIsMissing,
  redisIsMissing,
  startPostgres,
  startRedis,
  type TestServer,
} from '../store/servers.ts'
import type { ClusterSession } from './cluster-child.ts'

/** Of bots and workers together; KILLS=100, say. */
const kills = Number(process.env['KILLS'] ?? 30)
const seed = Number(process.env['SEED'] ?? seedOf(Date.now()))
const lanes = 2
const workersAtOnce = 3
/** Of each server. */
const restarts = 5
/** How long after the last answer it waits for a bot's kill may come. */
const latestMs = 250
/** Each day bots of both lanes are killed at these minutes after nine; then one lives until the day's neuron is settled. */
const deadly = [1, 11, 21]
/** When that one looks: a claim that a killed bot left behind is free for another after two minutes. */
const settling = [31, 34, 37, 40, 43, 46, 49, 52, 55, 58]
const [minute, day] = [60_000, 24 * 60 * 60_000]
const nine = Date.UTC(2026, 4, 5, 9)
const dateOf = (clock: number): string => new Date(clock).toISOString().slice(0, 10)

/** What a child says, line by line. */
type Line = Omit<Told, 'what'> & { readonly what: Told['what'] | 'stopped' | 'settled'; readonly day: string }

const missing = redisIsMissing ?? postgresIsMissing
describe.skipIf(missing)(missing ?? 'two bots and three workers over Redis and PostgreSQL', () => {
  let bots: Bots
  let redis: TestServer
  let postgres: TestServer
  const workers: ChildProcess[] = []
  let killed = 0
  const enough = (): boolean => killed >= kills
  const count = { bot: 0, worker: 0, Redis: 0, PostgreSQL: 0 }

  beforeAll(async () => {
    ;[bots, redis, postgres] = await Promise.all([openBots(), startRedis(), startPostgres()])
    for (let n = 0; n < workersAtOnce; n++) workers.push(startWorker())
  })
  afterAll(async () => {
    for (const worker of workers) worker.kill('SIGKILL')
    await Promise.all([bots?.close(), redis?.stop(), postgres?.stop()])
  })

  const startWorker = (): ChildProcess =>
    spawn(process.execPath, [join(projectRoot, 'bin/neuron-games.js'), 'worker'], {
      env: { PATH: process.env['PATH'], QUEUE_URL: redis.url, PROVIDER: 'cpu', THREADS: '1' },
      stdio: 'ignore',
    })

  async function killWorker(n: number): Promise<void> {
    const gone = once(workers[n]!, 'exit')
    if (workers[n]!.kill('SIGKILL')) await gone
    workers[n] = startWorker()
    count.worker++
    killed++
  }

  async function restart(name: 'Redis' | 'PostgreSQL', server: TestServer): Promise<void> {
    await server.crash()
    await wait(300)
    await server.start()
    count[name]++
  }

  test(`${kills} kills and ${restarts} restarts of each server: nothing acknowledged is lost or doubled, each spotlight comes once`, async () => {
    const first = await openStore(postgres.url)
    await openContests(bots, first)
    await first.set(scheduleRecord, place, [place.channel], {
      time: { hour: 9, minute: 0 },
      zone: 'UTC',
      days: [1, 2, 3, 4, 5, 6, 7],
      since: nine - 60 * minute,
      by: 'mod',
    })
    await first.close()

    const tried: Try[] = []
    const shown = new Set<string>()
    const refusals = new Map<string, number>()
    const settled = new Set<string>()
    let again = 0
    let turn = 0

    interface Step {
      readonly lane: number
      readonly clock: number
      readonly pending: readonly Try[]
      readonly dies: boolean
      readonly next: () => number
    }

    /**
     * A bot that plays until it is killed at any moment; one that survives ends once all have seen an answer and the
     * day's neuron is settled. @returns what nobody has seen an answer to, and whether it reached its servers at all
     */
    async function play({
      lane,
      clock,
      pending,
      dies,
      next,
    }: Step): Promise<{ left: Try[]; began: boolean }> {
      const session: ClusterSession = { lane, lanes, pending, turn, seed: seedOf(seed, turn), clock }
      turn++
      const child = spawn(
        process.execPath,
        [compiled('test/endurance/cluster-child.ts'), bots.folder, JSON.stringify(session)],
        {
          env: { ...process.env, STORE_URL: postgres.url, QUEUE_URL: redis.url },
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      )
      const closed = once(child, 'close')
      const answers = dies ? Math.floor(next() * (players.length + 1)) : players.length
      let said = ''
      const answered = new Promise<void>((resolve) => {
        child.stdout.on('data', (chunk: Buffer) => {
          said += chunk.toString()
          const told = said.split('"what":"').slice(1)
          const ready = said.includes('ready') && (dies || said.includes(`"day":"${dateOf(clock)}"`))
          if (ready && told.filter((each) => !/^tried|^settled/.test(each)).length >= answers) resolve()
        })
      })
      await Promise.race([answered, closed])
      await wait(dies ? latestMs * next() ** 3 : latestMs)
      if (child.kill('SIGKILL') && dies) {
        count.bot++
        killed++
      }
      await closed
      const told = said
        .split('\n')
        .filter((line) => line.startsWith('{') && line.endsWith('}'))
        .map((line) => JSON.parse(line) as Line)
      const open = new Map(pending.map((one) => [nameOf(one), one]))
      for (const { what, tried: one, sentence = '', day } of told) {
        if (what === 'settled') settled.add(day)
        if (what === 'refused' || what === 'stopped')
          refusals.set(sentence.slice(0, 60), 1 + (refusals.get(sentence.slice(0, 60)) ?? 0))
        if (what === 'tried') {
          if (!tried.some((before) => nameOf(before) === nameOf(one))) tried.push(one)
          open.set(nameOf(one), one)
        }
        if (what === 'shown') {
          shown.add(nameOf(one))
          open.delete(nameOf(one))
        }
      }
      again += open.size
      return { left: [...open.values()], began: said.includes('ready') }
    }

    /** Days of both lanes until there were enough kills. @returns how many, and what nobody has seen an answer to */
    async function days(): Promise<{ count: number; left: Try[] }> {
      const left = Array.from({ length: lanes }, (): Try[] => [])
      const nexts = left.map((_, lane) => random(seedOf(seed, lane)))
      const step = async (lane: number, clock: number, dies: boolean): Promise<boolean> => {
        const played = await play({ lane, clock, pending: left[lane]!, dies, next: nexts[lane]! })
        left[lane] = played.left
        return played.began
      }
      let count = 0
      for (; !enough(); count++) {
        const at = nine + count * day
        await Promise.all(
          left.map(async (_, lane) => {
            for (const after of deadly) await step(lane, at + after * minute, true)
          }),
        )
        for (const after of settling) {
          if (settled.has(dateOf(at))) break
          while (!(await step(0, at + after * minute, false)));
        }
      }
      return { count, left: left.flat() }
    }

    /** Workers die, and servers with them, until there were enough kills. */
    async function rage(next: () => number): Promise<void> {
      for (let done = 0; !enough();) {
        await wait(500 + 3000 * next())
        if (count.worker <= count.bot) await killWorker(Math.floor(next() * workersAtOnce))
        if (killed < ((done + 1) * kills) / (2 * restarts + 1)) continue
        await (done++ % 2 === 0 ? restart('Redis', redis) : restart('PostgreSQL', postgres))
      }
      while (count.Redis < restarts) await restart('Redis', redis)
      while (count.PostgreSQL < restarts) await restart('PostgreSQL', postgres)
    }

    const [played] = await Promise.all([days(), rage(random(seedOf(seed, lanes)))])
    // All is well again: what nobody saw an answer to is tried once more.
    let pending = played.left
    for (let n = 0; n < 10 && pending.length > 0; n++) {
      const names = new Set<string>()
      const now = pending.filter(({ person }) => !names.has(person) && names.add(person))
      const rest = pending.filter((one) => !now.includes(one))
      const clock = nine + (played.count - 1) * day + 59 * minute
      const { left } = await play({ lane: 0, clock, pending: now, dies: false, next: random(seed) })
      pending = [...rest, ...left]
    }

    const store = await openStore(postgres.url)
    const kept = await stored(store)
    const names = new Set(kept)
    const acknowledged = tried.filter((one) => shown.has(nameOf(one)))
    const lost = acknowledged.filter((one) => !names.has(nameOf(one)))
    const doubled = kept.filter((name, n) => kept.indexOf(name) !== n)
    const channel = join(bots.folder, 'channel')
    const posted = existsSync(channel) ? readFileSync(channel, 'utf8').trim().split('\n') : []
    const outcomes = (await store.list(postRecord, place)).map(({ id, value }) => [id[2]!, value.outcome])
    process.stdout.write(
      [
        `seed ${seed}: ${count.bot} bots and ${count.worker} workers killed, Redis restarted ${count.Redis} times, PostgreSQL ${count.PostgreSQL} times`,
        `${tried.length} tries, ${acknowledged.length} acknowledged, ${again} made again; lost ${lost.length}, doubled ${doubled.length}, never answered ${pending.length}`,
        ...games.map(
          (game) => `${game}: ${acknowledged.filter((one) => one.game === game).length} acknowledged`,
        ),
        `${played.count} days: ${posted.length} spotlights, outcomes ${JSON.stringify(Object.fromEntries(outcomes))}`,
        `refusals: ${JSON.stringify(Object.fromEntries(refusals))}\n`,
      ].join('\n'),
    )
    expect(killed).toBeGreaterThanOrEqual(kills)
    expect(lost).toEqual([])
    expect(doubled).toEqual([])
    expect(pending).toEqual([])
    expect(acknowledged.length).toBeGreaterThan(0)
    await everyEntryHasItsPicture(store)
    await everyRightAnswerHasItsPoints(store, acknowledged)
    expect(posted.toSorted()).toEqual(
      Array.from({ length: played.count }, (_, n) => `spotlight/general/${dateOf(nine + n * day)}`),
    )
    await store.close()
  }, 3_600_000)
})
