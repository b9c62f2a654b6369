/*
 * A process of its own that runs spotlights on the store under test, to be raced and killed. child.ts URL FILE
 * SEED MODE DEATH: each line of input is a time in ms since 1970, for which it runs them once and says 'ran'. FILE is
 * the channel: a line for each post.
 * MODE: 'die-before-send' and 'die-after-send' end it by SIGKILL there, 'blind' cannot look for posts.
 * DEATH: JSON, the write to the store at which it dies.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pino } from 'pino'
import { postDueSpotlights, prepareSpotlights } from '../../../commands/spotlight/post.ts'
import type { Outbox } from '../../../src/chat/outbox.ts'
import type { Services } from '../../../src/chat/services.ts'
import { openPack } from '../../../src/clip/pack.ts'
import { createCatalogue } from '../../../src/neurons/catalogue.ts'
import { projectRoot } from '../../../src/root.ts'
import { openStore } from '../../../src/store/open.ts'
import { type Death, die, dyingAt } from '../../dying-store.ts'
import { idsFrom, runTasks } from '../harness.ts'
import { blankGallery } from '../play.ts'

const [url = '', file = '', seed = '', mode = '', death = ''] = process.argv.slice(2)
const lines = (): string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [])

const outbox: Outbox = {
  async post(place, _reply, key) {
    if (mode === 'die-before-send') await die()
    appendFileSync(file, `${key}\n`)
    if (mode === 'die-after-send') await die()
    return { ...place, message: key }
  },
  findPost: async (place, key) =>
    mode === 'blind' ? 'cannot-look' : lines().includes(key) ? { ...place, message: key } : undefined,
  edit: async () => undefined,
  tell: async (_place, person) => appendFileSync(file, `told ${person}\n`),
}

let now = 0
const store = await openStore(url)
// No engine and no cards: the pictures are ready-made, and posts have no drawings.
const services = {
  store: death ? dyingAt(store, JSON.parse(death) as Death) : store,
  catalogue: createCatalogue(await openPack(join(projectRoot, 'models', 'pocket'))),
  gallery: blankGallery,
  outbox,
  now: () => new Date(now),
  newId: idsFrom(`spotlight ${seed}`),
  log: pino({ level: 'silent' }),
} as unknown as Services

process.stdout.write('ready\n')
for await (const line of createInterface(process.stdin)) {
  now = Number(line)
  await runTasks(services, postDueSpotlights, prepareSpotlights)
  process.stdout.write('ran\n')
}
