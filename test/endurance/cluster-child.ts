/*
 * A bot of the cluster, to be killed: cluster-child.ts FOLDER SESSION. Its store is PostgreSQL, its model on workers
 * behind Redis (STORE_URL, QUEUE_URL); the opened pack is in FOLDER. Prints 'ready'; then four people do one thing
 * each, while it posts the neuron of the day, a line in FOLDER/channel, and prints which of its days are settled. Then
 * it waits to be killed.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize } from 'node:v8'
import { pino } from 'pino'
import { postRecord } from '../../commands/contest/post-once.ts'
import { commands } from '../../commands/index.ts'
import { postDueSpotlights, prepareSpotlights } from '../../commands/spotlight/post.ts'
import type { Outbox } from '../../src/chat/outbox.ts'
import type { Pack } from '../../src/clip/pack.ts'
import { engineOver } from '../../src/jobs/engine-over.ts'
import { openQueueModel } from '../../src/jobs/queue/queue-model.ts'
import { openStore } from '../../src/store/open.ts'
import { openHelpers } from '../../src/threads/pool.ts'
import { place, playOnce, type Session } from '../commands/all-games.ts'
import { idsFrom, openTable, runTasks } from '../commands/harness.ts'
import { sketching } from '../commands/remembering.ts'
import { blankGallery } from '../commands/play.ts'

export interface ClusterSession extends Session {
  /** What the clock of schedules shows, in ms since 1970. */
  readonly clock: number
}

const [folder = '', argument = ''] = process.argv.slice(2)
const session = JSON.parse(argument) as ClusterSession
const { STORE_URL: storeUrl = '', QUEUE_URL: queueUrl = '' } = process.env
const channel = join(folder, 'channel')
const lines = (): string[] => (existsSync(channel) ? readFileSync(channel, 'utf8').split('\n') : [])

const outbox: Partial<Outbox> = {
  async post(place, _reply, key) {
    appendFileSync(channel, `${key}\n`)
    return { ...place, message: key }
  },
  findPost: async (place, key) => (lines().includes(key) ? { ...place, message: key } : undefined),
  edit: async () => undefined,
  tell: async () => undefined,
}

async function play(): Promise<void> {
  const log = pino({ level: 'silent' })
  const pack = deserialize(await readFile(join(folder, 'pack'))) as Pack
  const store = await openStore(storeUrl)
  const model = await openQueueModel({ url: queueUrl, pack, log })
  const helpers = openHelpers({ threads: 1 })
  const engine = sketching(await engineOver({ pack, model, helpers, ownsHelpers: true, queueLimit: 64 }))
  const table = await openTable(
    commands,
    {
      store,
      engine,
      gallery: blankGallery,
      newId: idsFrom(`cluster ${session.seed} ${session.turn}`),
      outbox: outbox as Outbox,
    },
    pack,
  )
  table.setTime(new Date(session.clock))
  process.stdout.write('ready\n')
  await Promise.all([
    playOnce(table, session, folder),
    runTasks(table.services, prepareSpotlights, postDueSpotlights),
  ])
  for (const { id } of await store.list(postRecord, place))
    process.stdout.write(`${JSON.stringify({ what: 'settled', day: id[2] })}\n`)
}

// This is about servers that are away, and questions refused because of that: those are tried again.
await play().catch((error: unknown) => {
  process.stdout.write(`${JSON.stringify({ what: 'stopped', sentence: String(error) })}\n`)
  process.exit(3)
})
