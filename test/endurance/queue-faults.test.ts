import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openPack, type Pack } from '../../src/clip/pack.ts'
import type { Engine } from '../../src/jobs/engine.ts'
import { projectRoot } from '../../src/root.ts'
import { redisIsMissing, startRedis, type TestServer } from '../store/servers.ts'
import { noise, packFolder } from '../jobs/noise.ts'
import { openBot, startWorker } from '../jobs/queue/fleet.ts'

describe.skipIf(redisIsMissing)(`bad days of a queue (${redisIsMissing ?? 'on a Redis of its own'})`, () => {
  let redis: TestServer
  let pack: Pack
  let bot: Engine
  const closing: { close(): Promise<void> }[] = []
  const children: ChildProcess[] = []

  beforeEach(async () => {
    redis = await startRedis()
    pack = await openPack(packFolder)
  })
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((one) => one.close()))
    for (const child of children.splice(0)) child.kill('SIGKILL')
    await redis.stop()
  })

  const openedBot = async (): Promise<Engine> => {
    bot = await openBot(redis.url, pack)
    closing.push(bot)
    return bot
  }

  /** A worker in a process of its own, ready to serve. */
  async function spawnWorker(): Promise<ChildProcess> {
    const child = spawn(process.execPath, [join(projectRoot, 'bin/neuron-games.js'), 'worker'], {
      env: { PATH: process.env['PATH'], QUEUE_URL: redis.url, PROVIDER: 'cpu', THREADS: '1' },
      stdio: ['ignore', 'inherit', 'pipe'],
    })
    children.push(child)
    await new Promise<void>((ready, fail) => {
      let said = ''
      child.stderr.on('data', (data: Buffer) => {
        said += data.toString()
        if (said.includes('Serving')) ready()
      })
      child.once('exit', () => fail(new Error(said)))
    })
    return child
  }

  /** A drawing, and what resolves when a worker has begun it. */
  function draw(steps: number) {
    let begun!: () => void
    const running = new Promise<void>((done) => (begun = done))
    const drawing = bot.visualize(
      { direction: [{ unit: 7, weight: 1 }], steps, size: 64, seed: 3 },
      { onProgress: () => begun() },
    )
    return { drawing, running }
  }

  test('workers that come later are kept as busy as those there from the start', async () => {
    await openedBot()
    for (const _ of [1, 2]) closing.push(await startWorker(redis.url, pack))
    const picture = await noise(1)
    const mostAtOnce = async (): Promise<number> => {
      const crowd = Array.from({ length: 64 }, () => bot.analyse(picture))
      const { running } = bot.status()
      await Promise.all(crowd)
      return running
    }
    // Sixteen for each worker, and one for each of the two decoding threads.
    await expect.poll(mostAtOnce).toBe(2 * 16 + 2)
  })

  test('if a worker dies in the middle, its job runs again on another', async () => {
    const first = await spawnWorker()
    await openedBot()
    const { drawing, running } = draw(24)
    await running
    first.kill('SIGKILL')
    closing.push(await startWorker(redis.url, pack))
    await expect(drawing).resolves.toMatchObject({ steps: 24 })
  })

  test('a worker that is told to stop finishes what it has', async () => {
    const worker = await spawnWorker()
    await openedBot()
    const { drawing, running } = draw(16)
    await running
    const exit = once(worker, 'exit')
    worker.kill('SIGTERM')
    await expect(drawing).resolves.toMatchObject({ steps: 16 })
    expect(await exit).toEqual([0, null])
  })

  test('without any worker, people are told that none is running', async () => {
    await openedBot()
    await expect(bot.analyse(await noise(1))).rejects.toMatchObject({
      code: 'busy',
      message: 'No worker is running at the moment; please try again in a minute.',
    })
  })

  test('while Redis is away, requests are refused, and answered once it is back', async () => {
    closing.push(await startWorker(redis.url, pack))
    await openedBot()
    await expect(bot.analyse(await noise(1))).resolves.toBeDefined()
    await redis.crash()
    await expect(bot.analyse(await noise(2))).rejects.toMatchObject({ code: 'busy' })
    await redis.start()
    const refusals = new Set<string>()
    const answer = async (): Promise<unknown> =>
      bot.analyse(await noise(3)).catch((error: { code: string }) => {
        refusals.add(error.code)
        return answer()
      })
    await expect(answer()).resolves.toMatchObject({ provider: 'cpu' })
    expect([...refusals].filter((code) => code !== 'busy')).toEqual([])
  })
})
