/*
 * A process of its own that runs spotlights on the store under test, to be raced and killed.
 * child.ts URL FILE STARTED BASE SPEED MODE SEED: after a line of input runs spotlights over and over; its clock shows
 *   BASE at STARTED (real ms since 1970) and runs SPEED times as fast. FILE is the channel: a line for each post.
 * MODE: 'die-before-send' and 'die-after-send' end it by SIGKILL there, 'blind' cannot look for posts; 'told' has no clock
 *   of its own: for each time that its parent sends it runs them once, and sends 'ran'.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { pino } from 'pino'
import { postDueSpotlights, prepareSpotlights } from '../../commands/spotlight/post.ts'
import type { Outbox } from '../../src/chat/outbox.ts'
import type { Services } from '../../src/chat/services.ts'
import { openPack } from '../../src/clip/pack.ts'
import { createCatalogue } from '../../src/neurons/catalogue.ts'
import { projectRoot } from '../../src/root.ts'
import { openStore } from '../../src/store/open.ts'
import { idsFrom } from '../commands/harness.ts'
import { blankGallery } from '../commands/play.ts'

const [url = '', file = '', started, base, speed, mode, seed] = process.argv.slice(2)
let told: number | undefined
const die = (): void => void process.kill(process.pid, 'SIGKILL')
const lines = (): string[] => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [])

const outbox: Outbox = {
  async post(place, _reply, key) {
    if (mode === 'die-before-send') die()
    await wait(5)
    appendFileSync(file, `${key}\n`)
    if (mode === 'die-after-send') die()
    await wait(5)
    return { ...place, message: key }
  },
  findPost: async (place, key) =>
    mode === 'blind' ? 'cannot-look' : lines().includes(key) ? { ...place, message: key } : undefined,
  edit: async () => undefined,
  tell: async (_place, person) => appendFileSync(file, `told ${person}\n`),
}

// No engine and no cards: the pictures are ready-made, and posts have no drawings.
const services = {
  store: await openStore(url),
  catalogue: createCatalogue(await openPack(join(projectRoot, 'models', 'pocket'))),
  gallery: blankGallery,
  outbox,
  now: () => new Date(told ?? Number(base) + (Date.now() - Number(started)) * Number(speed)),
  newId: idsFrom(`spotlight ${seed}`),
  log: pino({ level: 'silent' }),
} as unknown as Services

async function look(): Promise<void> {
  for (const scope of await services.store.scopes())
    for (const task of [postDueSpotlights, prepareSpotlights]) await task.run(services, scope)
}

if (mode === 'told')
  process.on('message', (time: number) => {
    told = time
    void look().then(() => process.send!('ran'))
  })
process.stdout.write('ready\n')
if (mode !== 'told') {
  await once(process.stdin, 'data')
  for (;;) {
    await look()
    process.stdout.write('.')
    await wait(2)
  }
}
