/**
 * The first acknowledgement on Slack while 96 pictures are always queued, by both of Slack's ways, with the stock
 * Bolt app, Slack's stand-in and the people all in this one process: `tsx bench/acknowledge.ts`.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { commands } from '../commands/index.ts'
import { openPack } from '../src/clip/pack.ts'
import { createEngine } from '../src/jobs/in-process.ts'
import { projectRoot } from '../src/root.ts'
import { openTable } from '../test/commands/harness.ts'
import { SlackPeople, type Mode } from '../test/platforms/slack/slack-people.ts'
import { freePort } from '../test/platforms/slack/http.ts'
import { SlackServer } from '../test/platforms/slack/slack-server.ts'
import { startBot } from '../test/platforms/slack/start.ts'
import { acknowledgeTimes, percentile } from './acknowledge-times.ts'
import { ms, print } from './report.ts'

const pack = await openPack(join(projectRoot, 'models', 'pocket'))
const log = pino({ level: 'silent' })
const engine = await createEngine({ pack, provider: 'cpu', threads: 2, queueLimit: 512, log })
const table = await openTable(commands, { engine })
const picture = await readFile(join(projectRoot, 'assets/contest/cactus.jpg'))

for (const mode of [{ kind: 'socket' }, { kind: 'http', port: await freePort() }] satisfies Mode[]) {
  const server = new SlackServer()
  await server.start()
  const bot = await startBot(server, mode, { commands, services: table.services })
  const people = new SlackPeople(server, commands, mode)
  const { times, leastWaiting } = await acknowledgeTimes(engine, picture, async (round) => {
    // A command that opens a modal, one that answers, and a picture that joins the queue.
    if (round % 3 === 0) return (await people.type('/neurons', '')).acknowledgedAfterMs
    if (round % 3 === 1) return (await people.type('/help', '')).acknowledgedAfterMs
    return (await people.menu('Which neurons fire?', [picture])).acknowledgedAfterMs
  })
  await bot.platform.stop()
  await bot.store.close()
  await server.stop()
  print(`Slack, ${mode.kind === 'socket' ? 'Socket Mode' : 'signed HTTP'}: ${times.length} events`, [
    ['pictures in the engine, at least', String(leastWaiting)],
    ['acknowledged after, median', ms(percentile(times, 0.5))],
    ['99th percentile', ms(percentile(times, 0.99)), 'under 300 ms'],
    ['longest', ms(percentile(times, 1))],
    ['wrong calls', String(server.wrong.length)],
  ])
}
await engine.close()
await table.close()
