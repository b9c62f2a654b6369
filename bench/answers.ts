import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import pg from 'pg'
import { projectRoot } from '../src/root.ts'
import { DiscordServer, token } from '../test/platforms/discord/discord-server.ts'
import { startPostgres } from '../test/store/servers.ts'
import { photograph } from './photograph.ts'
import { processorSeconds, start, startWorker } from './workers.ts'

const warmUp = 16
const answerCount = 96
const atOnce = 8

/**
 * What a whole answer on Discord costs each process: a bot, a worker with one thread, Redis and PostgreSQL, each a process of
 * its own. Discord's stand-in is in this one.
 * @returns processor time of each in milliseconds, and what the two databases were asked, for one answer
 */
export async function measureAnswers(redis: Redis, redisUrl: string, packFolder: string) {
  const postgres = await startPostgres()
  const database = new pg.Client(postgres.url)
  await database.connect()
  const server = new DiscordServer()
  await server.start()
  const worker = await startWorker(redisUrl, packFolder)
  const bot = await start(
    ['--import', 'tsx', join(projectRoot, 'test/platforms/discord/child.ts'), server.origin],
    { DISCORD_TOKEN: token, QUEUE_URL: redisUrl, STORE_URL: postgres.url, MODEL_PACK: packFolder },
    'the bot is ready',
  )
  const picture = await photograph(1152, 864, 1)

  async function ask(): Promise<void> {
    const file = server.upload('photo.jpg', picture, 'image/jpeg')
    const answered = server.interact(2, {
      id: '1',
      name: 'neurons',
      type: 1,
      options: [{ name: 'picture', type: 11, value: file.id }],
      resolved: { attachments: { [file.id]: file } },
    })
    const shown = () => answered.states.some(({ sent }) => sent.attachments.length > 0)
    while (!shown()) await setTimeout(20)
  }
  async function askAll(many: number): Promise<void> {
    let left = many
    const person = async (): Promise<void> => {
      while (left-- > 0) await ask()
    }
    await Promise.all(Array.from({ length: atOnce }, person))
  }
  async function used() {
    // PostgreSQL adds up what a session has done once a second.
    await setTimeout(1500)
    const info = await redis.info()
    const figure = (name: string): number => Number(new RegExp(`^${name}:(.*)$`, 'm').exec(info)![1])
    const backends = await database.query<{ pid: number }>('SELECT pid FROM pg_stat_activity')
    const store = await Promise.all(backends.rows.map(({ pid }) => processorSeconds(pid)))
    const { rows } = await database.query<{ done: string }>(
      'SELECT sum(xact_commit + xact_rollback) AS done FROM pg_stat_database',
    )
    return {
      bot: 1000 * (await processorSeconds(bot.child.pid!)),
      worker: 1000 * (await processorSeconds(worker.child.pid!)),
      redis: 1000 * (figure('used_cpu_user') + figure('used_cpu_sys')),
      redisCommands: figure('total_commands_processed'),
      store: 1000 * store.reduce((sum, seconds) => sum + seconds, 0),
      storeCommands: Number(rows[0]!.done),
      discordRequests: server.calls.length,
    }
  }

  await askAll(warmUp)
  const before = await used()
  const began = performance.now()
  await askAll(answerCount)
  const seconds = (performance.now() - began) / 1000
  const after = await used()
  await Promise.all([bot.stop(), worker.stop()])
  await Promise.all([server.stop(), database.end()])
  await postgres.stop()
  if (server.wrong.length > 0) throw new Error(server.wrong.join('\n'))
  const each = (name: keyof typeof after): number => (after[name] - before[name]) / answerCount
  return {
    answersASecond: answerCount / seconds,
    each: {
      bot: each('bot'),
      worker: each('worker'),
      redis: each('redis'),
      redisCommands: each('redisCommands'),
      store: each('store'),
      storeCommands: each('storeCommands'),
      discordRequests: each('discordRequests'),
    },
  }
}
