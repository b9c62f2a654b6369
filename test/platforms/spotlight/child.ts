/*
 * A bot in a process of its own that is told what time it is: child.ts PLATFORM STORE-URL NOW SEED MODE SERVER…, NOW in ms
 * since 1970. For each such number that its parent sends, it does what it does every minute and sends 'ran'.
 * MODE 'die-after-send' ends it by SIGKILL once it has posted.
 */
import { join } from 'node:path'
import { pino } from 'pino'
import { commands } from '../../../commands/index.ts'
import { createCardDrawer } from '../../../src/cards/draw.ts'
import { Cooldowns } from '../../../src/chat/cooldown.ts'
import { Dispatcher } from '../../../src/chat/dispatch.ts'
import { type Outbox, Outboxes } from '../../../src/chat/outbox.ts'
import type { Platform } from '../../../src/chat/platform.ts'
import type { Services } from '../../../src/chat/services.ts'
import { openPack } from '../../../src/clip/pack.ts'
import { openProbeSetOf } from '../../../src/clip/probe-set.ts'
import { createCatalogue } from '../../../src/neurons/catalogue.ts'
import { connectDiscord } from '../../../src/platforms/discord/connect.ts'
import { connectPlayground } from '../../../src/platforms/playground/connect.ts'
import { projectRoot } from '../../../src/root.ts'
import { openStore } from '../../../src/store/open.ts'
import { openHelpers } from '../../../src/threads/pool.ts'
import { openGallery } from '../../../src/visualization/gallery.ts'
import { idsFrom, runTasks } from '../../commands/harness.ts'
import { die } from '../../dying-store.ts'
import { token } from '../discord/discord-server.ts'
import { startBot } from '../slack/start.ts'

const [name, storeUrl = '', start, seed, mode = '', ...server] = process.argv.slice(2)
let now = Number(start)
const log = pino({ level: 'silent' })
const store = await openStore(storeUrl)
const pack = await openPack(join(projectRoot, 'models', 'pocket'))
const outboxes = new Outboxes()
// No engine: the pictures are ready-made.
const services = {
  store,
  catalogue: createCatalogue(pack),
  probe: await openProbeSetOf(pack.folder),
  gallery: await openGallery(pack.folder),
  cards: createCardDrawer(openHelpers({ threads: 1 })),
  outbox: outboxes,
  now: () => new Date(now),
  newId: idsFrom(`bot ${seed}`),
  log,
} as unknown as Services
const often = { points: 100_000, seconds: 1 }
const dispatcher = new Dispatcher(commands, services, new Cooldowns(often, often))

async function connect(): Promise<[Platform, said: string]> {
  const [origin = '', apiUrl = ''] = server
  if (name === 'discord') {
    const rest = { api: `${origin}/api`, version: '10' }
    return [await connectDiscord({ token, dispatcher, store, log, rest, origins: [origin] }), '']
  }
  if (name === 'slack') {
    const bot = await startBot({ apiUrl, origin }, { kind: 'socket' }, { commands, storeUrl, services })
    return [bot.platform, '']
  }
  const assets = join(projectRoot, 'assets')
  const setup = { dispatcher, store, log, host: '127.0.0.1', port: 0, assets, now: services.now }
  const playground = await connectPlayground(setup)
  return [playground, ` at ${playground.url}, owned at ${playground.ownerUrl}`]
}

const [platform, said] = await connect()
const dying = Object.create(platform.outbox, {
  post: {
    async value(...given: Parameters<Outbox['post']>) {
      await platform.outbox.post(...given)
      return die()
    },
  },
}) as Outbox
outboxes.add(platform.name, mode === 'die-after-send' ? dying : platform.outbox)
process.on('message', (time: number) => {
  now = time
  void runTasks(services, ...commands.flatMap(({ everyMinute = [] }) => everyMinute)).then(() =>
    process.send!('ran'),
  )
})
process.stdout.write(`the bot is ready${said}\n`)
