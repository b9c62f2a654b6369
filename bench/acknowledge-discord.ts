/**
 * The first acknowledgement on Discord while 500 pictures are always queued, with the stock discord.js client and
 * Discord's stand-in in this one process, the model here or on a worker: `npm run bench acknowledge-discord`.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pino } from 'pino'
import { commands } from '../commands/index.ts'
import { Cooldowns } from '../src/chat/cooldown.ts'
import { Dispatcher } from '../src/chat/dispatch.ts'
import { connectDiscord } from '../src/platforms/discord/connect.ts'
import { projectRoot } from '../src/root.ts'
import { openTable } from '../test/commands/harness.ts'
import { DiscordServer, token } from '../test/platforms/discord/discord-server.ts'
import { forms, percentile, saturated } from './acknowledge-times.ts'
import { ms, print } from './report.ts'

const picture = await readFile(join(projectRoot, 'assets/contest/cactus.jpg'))
const log = pino({ level: 'silent' })
const often = { points: 100_000, seconds: 1 }

for (const form of forms)
  await saturated(form, picture, async (engine, acknowledgeTimes) => {
    const table = await openTable(commands, { engine })
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
    const { times, leastWaiting } = await acknowledgeTimes(async (round) => {
      const asked = round % 2 === 0 ? help(server) : neurons(server)
      while (asked.acknowledgedAfterMs === undefined) await setTimeout(5)
      return asked.acknowledgedAfterMs
    })
    await bot.stop()
    await server.stop()
    await table.close()
    print(`Discord, ${form}: ${times.length} interactions`, [
      ['pictures in the engine, at least', String(leastWaiting)],
      ['acknowledged after, median', ms(percentile(times, 0.5))],
      ['99th percentile', ms(percentile(times, 0.99)), 'under 300 ms'],
      ['longest', ms(percentile(times, 1))],
      ['wrong bodies', String(server.wrong.length)],
    ])
  })

function help(server: DiscordServer) {
  return server.interact(2, { id: '1', name: 'help', type: 1 })
}

function neurons(server: DiscordServer) {
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
