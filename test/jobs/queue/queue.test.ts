import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Pack } from '../../../src/clip/pack.ts'
import { redisIsMissing, startRedis, type TestServer } from '../../store/servers.ts'
import { testEngine } from '../engine.contract.ts'
import { pocketPack } from '../../pocket-pack.ts'
import { noise } from '../noise.ts'
import { openBot, startWorker } from './fleet.ts'

describe.skipIf(redisIsMissing)(`a queue (${redisIsMissing ?? 'on a Redis of its own'})`, () => {
  let redis: TestServer
  let pack: Pack
  const closing: { close(): Promise<void> }[] = []

  beforeAll(async () => {
    redis = await startRedis()
    pack = await pocketPack()
    closing.push(await startWorker(redis.url, pack))
  })
  afterAll(async () => {
    await Promise.all(closing.map((one) => one.close()))
    await redis.stop()
  })

  testEngine({
    name: 'over a queue',
    shared: ['line'],
    create: (pack, { queueLimit }) => openBot(redis.url, pack, { queueLimit }),
  })

  test('a bot and a worker with two packs of the same name are told apart, and a sentence says so', async () => {
    const other = { ...pack, facts: { ...pack.facts, files: pack.facts.files.slice(1) } }
    const bot = await openBot(redis.url, other, { heardOfWithinMs: 100 })
    closing.push(bot)
    expect(await bot.ready()).toBe(false)
    await expect(bot.analyse(await noise(1))).rejects.toMatchObject({
      code: 'busy',
      message: expect.stringMatching(
        /^No worker serves the model pack pocket \(\w+, version \d+\); those running serve pocket \(/,
      ) as string,
    })
  })
})
