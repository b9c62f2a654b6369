/**
 * The first acknowledgement on Discord while 96 pictures are always queued, with the stock discord.js client and
 * Discord's stand-in in this one process: `tsx bench/acknowledge-discord.ts`.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { commands } from '../commands/index.ts'
import { Cooldowns } from '../src/chat/cooldown.ts'
import { Dispatcher } from '../src/chat/dispatch.ts'
import { openPack } from '../src/clip/pack.ts'
import { createEngine } from '../src/jobs/in-process.ts'
import { connectDiscord } from '../src/platforms/discord/connect.ts'
import { projectRoot } from '../src/root.ts'
import { openTable } from '../test/commands/harness.ts'
import { DiscordServer, token } from '../test/platforms/discord/discord-server.ts'
import { acknowledgeTimes, percentile } from './acknowledge-times.ts'
import { ms, print } from './report.ts'

const pack = await openPack(join(projectRoot, 'models', 'pocket'))
const log = pino({ level: 'silent' })
const engine = await createEngine({ pack, provider: 'cpu', threads: 2, queueLimit: 512, log })
const table = await openTable(commands, { engine })
const picture = await readFile(join(projectRoot, 'assets/contest/cactus.jpg'))
const often = { points: 100_000, seconds: 1 }
const server = new DiscordServer()
await server.start()
const bot = await connectDiscord({
  token,
  dispatcher: new Dispatcher(commands, { ...table.services, log }, new Cooldowns(often, often)),
  store: table.services.store,
  log,
  rest: { api: `${server.origin}/api`, version: '10' },
  origins: [server.origin],
})

const { times, leastWaiting } = await acknowledgeTimes(engine, picture, async (round) => {
  const asked = round % 2 === 0 ? help() : neurons()
  while (asked.acknowledgedAfterMs === undefined) await new Promise((resolve) => setTimeout(resolve, 5))
  return asked.acknowledgedAfterMs
})

function help() {
  return server.interact(2, { id: '1', name: 'help', type: 1 })
}

function neurons() {
  const file = server.upload('cactus.jpg', picture, 'image/jpeg')
  const options = [{ name: 'picture', type: 11, value: file.id }]
  return server.interact(2, {
    id: '1',
    name: 'neurons',
    type: 1,
    options,
    resolved: { attachments: { [file.id]: file } },
  })
}

await bot.stop()
await server.stop()
await engine.close()
await table.close()
print(`Discord: ${times.length} interactions`, [
  ['pictures in the engine, at least', String(leastWaiting)],
  ['acknowledged after, median', ms(percentile(times, 0.5))],
  ['99th percentile', ms(percentile(times, 0.99)), 'under 300 ms'],
  ['longest', ms(percentile(times, 1))],
  ['wrong bodies', String(server.wrong.length)],
])
