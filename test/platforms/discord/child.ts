import { commands } from '../../../commands/index.ts'
import { Cooldowns } from '../../../src/chat/cooldown.ts'
import { Dispatcher } from '../../../src/chat/dispatch.ts'
import { createLog } from '../../../src/log.ts'
import { connectDiscord } from '../../../src/platforms/discord/connect.ts'
import { readSettings, secretsOf } from '../../../src/settings.ts'
import { startTicker } from '../../../src/ticker.ts'
import { wire } from '../../../src/wire.ts'

/** The bot as main.ts starts it, but facing the test's own server: `child.ts ORIGIN`. */
const [origin = ''] = process.argv.slice(2)
const settings = readSettings()
const log = createLog({ level: 'debug', secrets: secretsOf(settings) })
const wired = await wire(settings, log)
const often = { points: 100_000, seconds: 1 }
const platform = await connectDiscord({
  token: settings.DISCORD_TOKEN ?? '',
  dispatcher: new Dispatcher(commands, wired.services, new Cooldowns(often, often)),
  store: wired.services.store,
  log,
  rest: { api: `${origin}/api`, version: '10' },
  origins: [origin],
})
wired.outboxes.add('discord', platform.outbox)
const ticker = startTicker(
  commands.flatMap(({ everyMinute = [] }) => everyMinute),
  wired.services,
)
process.on('SIGTERM', () => {
  void Promise.all([ticker.stop(), platform.stop()])
    .then(() => wired.close())
    .then(() => process.exit(0))
})
log.info('the bot is ready')
