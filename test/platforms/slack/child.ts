/*
 * The bot in a process of its own, to be killed: API-URL ORIGIN STORE-URL [game]. With "game" it has its own
 * commands and engine in place of the test's commands. Says "ready" when it is connected by Socket Mode.
 */
import { pino } from 'pino'
import { commands } from '../../../commands/index.ts'
import { readSettings } from '../../../src/settings.ts'
import { startTicker } from '../../../src/ticker.ts'
import { wire } from '../../../src/wire.ts'
import { startBot } from './start.ts'

const [apiUrl = '', origin = '', storeUrl = '', game] = process.argv.slice(2)
const server = { apiUrl, origin }
if (game) {
  const settings = readSettings({ PROVIDER: 'cpu', THREADS: '2', STORE_URL: storeUrl })
  const { services, outboxes } = await wire(settings, pino({ level: 'silent' }))
  const { platform } = await startBot(server, { kind: 'socket' }, { commands, storeUrl, services })
  outboxes.add(platform.name, platform.outbox)
  startTicker(
    commands.flatMap(({ everyMinute = [] }) => everyMinute),
    services,
  )
} else await startBot(server, { kind: 'socket' }, { storeUrl })
process.stdout.write('ready\n')
