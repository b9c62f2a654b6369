/**
 * The first acknowledgement on Slack while 500 pictures are always queued, by both of Slack's ways, with the stock
 * Bolt app, Slack's stand-in and the people all in this one process, the model here or on a worker:
 * `npm run bench acknowledge-slack`.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { commands } from '../commands/index.ts'
import { projectRoot } from '../src/root.ts'
import { openTable } from '../test/commands/harness.ts'
import { freePort } from '../test/free-port.ts'
import { SlackPeople, type Mode } from '../test/platforms/slack/slack-people.ts'
import { SlackServer } from '../test/platforms/slack/slack-server.ts'
import { startBot } from '../test/platforms/slack/start.ts'
import { forms, percentile, saturated } from './acknowledge-times.ts'
import { ms, print } from './report.ts'

const picture = await readFile(join(projectRoot, 'assets/contest/cactus.jpg'))

for (const form of forms)
  await saturated(form, picture, async (engine, acknowledgeTimes) => {
    const table = await openTable(commands, { engine })
    for (const mode of [{ kind: 'socket' }, { kind: 'http', port: await freePort() }] satisfies Mode[]) {
      const server = new SlackServer()
      await server.start()
      const bot = await startBot(server, mode, { commands, services: table.services })
      const people = new SlackPeople(server, commands, mode)
      const { times, leastWaiting } = await acknowledgeTimes(async (round) => {
        // A command that opens a modal, one that answers, and a picture that joins the queue.
        if (round % 3 === 0) return (await people.type('/neurons', '')).acknowledgedAfterMs
        if (round % 3 === 1) return (await people.type('/help', '')).acknowledgedAfterMs
        return (await people.menu('Which neurons fire?', [picture])).acknowledgedAfterMs
      })
      await bot.platform.stop()
      await bot.store.close()
      await server.stop()
      const way = mode.kind === 'socket' ? 'Socket Mode' : 'signed HTTP'
      print(`Slack over ${way}, ${form}: ${times.length} events`, [
        ['pictures in the engine, at least', String(leastWaiting)],
        ['acknowledged after, median', ms(percentile(times, 0.5))],
        ['99th percentile', ms(percentile(times, 0.99)), 'under 300 ms'],
        ['longest', ms(percentile(times, 1))],
        ['wrong calls', String(server.wrong.length)],
      ])
    }
    await table.close()
  })
