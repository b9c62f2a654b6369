import { type ChildProcess, spawn } from 'node:child_process'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Cooldowns } from '../../src/chat/cooldown.ts'
import type { Origin } from '../../src/chat/context.ts'
import { compiled } from '../compiled.ts'
import { type Limits, openLimits } from '../../src/chat/limits.ts'
import {
  postgresIsMissing,
  redisIsMissing,
  startPostgres,
  startRedis,
  type TestServer,
} from '../store/servers.ts'
import { nextLine } from '../next-line.ts'

const log = pino({ level: 'silent' })
const origin = { place: { platform: 'discord', community: 'g1' }, person: { id: 'ben' } } as unknown as Origin

describe.each([
  { name: 'Redis', missing: redisIsMissing, start: startRedis },
  { name: 'PostgreSQL', missing: postgresIsMissing, start: startPostgres },
])('cooldowns on $name', ({ missing, start }) => {
  describe.skipIf(missing)(missing ?? 'of its own', () => {
    let server: TestServer
    let limits: Limits
    beforeAll(async () => {
      server = await start()
      limits = await openLimits(server.url, log)
    })
    afterAll(async () => {
      await limits.close()
      await server.stop()
    })
    const open = () => new Cooldowns({ points: 3, seconds: 600 }, { points: 1000, seconds: 600 }, limits.open)
    const nothing = async (): Promise<void> => {}

    test('one person in two processes gets only one allowance', async () => {
      const child = (): ChildProcess =>
        spawn(process.execPath, [compiled('test/chat/cooldown-child.ts'), server.url, '20'], {
          stdio: ['pipe', 'pipe', 'inherit'],
        })
      const children = [child(), child()]
      expect(await Promise.all(children.map(nextLine))).toEqual(['ready', 'ready'])
      for (const { stdin } of children) stdin!.write('go\n')
      const ran = (await Promise.all(children.map(nextLine))).map(Number)
      expect(ran[0]! + ran[1]!).toBe(10)
    })

    test('outlast a restart of the bot', async () => {
      for (let n = 0; n < 3; n++) await open().within(origin, 'echo', 0, nothing)
      await expect(open().within(origin, 'echo', 0, nothing)).rejects.toThrow(
        /^Please wait \d+ seconds before the next \/echo\.$/,
      )
    })

    test('are counted by each process while the server is away', async () => {
      await server.crash()
      const cooldowns = open()
      for (let n = 0; n < 3; n++) await cooldowns.within(origin, 'echo', 0, nothing)
      await expect(cooldowns.within(origin, 'echo', 0, nothing)).rejects.toMatchObject({ code: 'too-soon' })
      await server.start()
    })
  })
})
