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

/** Of bots and workers together, such as KILLS=100. */
const kills = Number(process.env['KILLS'] ?? 30)
const seed = Number(process.env['SEED'] ?? seedOf(Date.now()))
const lanes = 2
const workersAtOnce = 3
/** Of each server. */
const restarts = 5
/** How long after the last answer that it waits for a bot's kill may come. */
const latestMs = 250
/** A local day lasts so many sessions of a lane. */
const sessionsADay = 3
const [minute, day] = [60_000, 24 * 60 * 60_000]
const nine = Date.UTC(2026, 4, 5, 9)

const missing = redisIsMissing ?? postgresIsMissing
describe.skipIf(missing)(missing ?? 'two bots and three workers over Redis and PostgreSQL', () => {
  let bots: Bots
  let redis: TestServer
  let postgres: TestServer
  const workers: ChildProcess[] = []
  let killed = 0
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
    let again = 0

    /** A bot that plays until it is killed, or its session is over. @returns what nobody has seen an answer to */
    async function play(session: ClusterSession, next: () => number, dies: boolean): Promise<Try[]> {
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
          const ready = said.includes('ready')
          if (ready && told.filter((each) => !each.startsWith('tried')).length >= answers) resolve()
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
        .map((line) => JSON.parse(line) as Omit<Told, 'what'> & { what: Told['what'] | 'stopped' })
      const open = new Map(session.pending.map((one) => [nameOf(one), one]))
      for (const { what, tried: one, sentence = '' } of told) {
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
      return [...open.values()]
    }

    /** Workers die, and servers with them, until there were enough kills. */
    async function rage(next: () => number): Promise<void> {
      for (let done = 0; killed < kills;) {
        await wait(500 + 3000 * next())
        if (count.worker <= count.bot) await killWorker(Math.floor(next() * workersAtOnce))
        if (killed < ((done + 1) * kills) / (2 * restarts + 1)) continue
        await (done++ % 2 === 0 ? restart('Redis', redis) : restart('PostgreSQL', postgres))
      }
      while (count.Redis < restarts) await restart('Redis', redis)
      while (count.PostgreSQL < restarts) await restart('PostgreSQL', postgres)
    }

    let sessions = 0
    const sessionOf = (lane: number, n: number, pending: readonly Try[]): ClusterSession => {
      sessions = Math.max(sessions, n + 1)
      const clock = nine + Math.floor(n / sessionsADay) * day + (1 + 10 * (n % sessionsADay)) * minute
      return { lane, lanes, pending, turn: n * lanes + lane, seed: seedOf(seed, lane, n), clock }
    }
    const left = await Promise.all([
      ...Array.from({ length: lanes }, async (_, lane) => {
        const next = random(seedOf(seed, lane))
        let pending: Try[] = []
        for (let n = 0; killed < kills; n++) pending = await play(sessionOf(lane, n, pending), next, true)
        return pending
      }),
      rage(random(seedOf(seed, lanes))).then(() => []),
    ])
    // All is well again: what nobody saw an answer to is made once more, and the last day gets its neuron.
    let pending = left.flat()
    const calm = random(seed)
    const last = sessionsADay * Math.ceil(sessions / sessionsADay)
    for (let n = 0; n < 10 && (pending.length > 0 || n < 2); n++) {
      const names = new Set<string>()
      const now = pending.filter(({ person }) => !names.has(person) && names.add(person))
      const rest = pending.filter((one) => !now.includes(one))
      const { clock } = sessionOf(0, last - 1, [])
      pending = [...rest, ...(await play({ ...sessionOf(0, last + n, now), clock }, calm, false))]
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
    const days = last / sessionsADay
    process.stdout.write(
      [
        `seed ${seed}: ${count.bot} bots and ${count.worker} workers killed, Redis restarted ${count.Redis} times, PostgreSQL ${count.PostgreSQL} times`,
        `${tried.length} tries, ${acknowledged.length} acknowledged, ${again} made again; lost ${lost.length}, doubled ${doubled.length}, never answered ${pending.length}`,
        ...games.map(
          (game) => `${game}: ${acknowledged.filter((one) => one.game === game).length} acknowledged`,
        ),
        `${days} days: ${posted.length} spotlights, outcomes ${JSON.stringify(Object.fromEntries(outcomes))}`,
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
      Array.from(
        { length: days },
        (_, n) => `spotlight/general/${new Date(nine + n * day).toISOString().slice(0, 10)}`,
      ),
    )
    await store.close()
  }, 3_600_000)
})
