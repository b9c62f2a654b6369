import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { createCardDrawer } from './cards/draw.ts'
import { Outboxes } from './chat/outbox.ts'
import type { Services } from './chat/services.ts'
import { openProbeSetOf } from './clip/probe-set.ts'
import { engineOver } from './jobs/engine-over.ts'
import { KeptLabels } from './jobs/kept-labels.ts'
import { createCatalogue } from './neurons/catalogue.ts'
import type { Metrics } from './metrics/metrics.ts'
import { openModel, openPackOf } from './open-model.ts'
import type { Settings } from './settings.ts'
import { defaultCacheFolder, isEmbedded } from './packs/folders.ts'
import { growGallery, type Growing } from './packs/gallery/grow.ts'
import { openStore } from './store/open.ts'
import { openHelpers, type ThreadDied } from './threads/pool.ts'
import { emptyGallery, hasGallery, openGallery } from './visualization/gallery.ts'

export interface Wired {
  readonly services: Services
  readonly outboxes: Outboxes
  /** Fills the pack's gallery while the machine is idle; the embedded pack comes with a complete one. */
  growGallery(): Growing | undefined
  /** Keys of the records that could not be read so far; grows. */
  readonly damaged: readonly string[]
  close(): Promise<void>
}

/**
 * Opens everything that commands need, both for the bot's process and for the terminal tool's.
 * @param metrics told of waits, runs and store calls, if they are served
 */
export async function wire(settings: Settings, log: Logger, metrics?: Metrics): Promise<Wired> {
  const pack = await openPackOf(settings)
  const probe = await openProbeSetOf(pack.folder)
  const gallery = hasGallery(pack.folder) ? await openGallery(pack.folder) : emptyGallery(pack.folder)
  const damaged: string[] = []
  const opened = await openStore(settings.STORE_URL, ({ key, message, cause }) => {
    damaged.push(key.join(' / '))
    log.error(
      { key, err: cause },
      `${message} It is skipped; \`npx neuron-games doctor\` lists all such records.`,
    )
  })
  const store = metrics?.timed(opened) ?? opened
  const onDeath = (error: ThreadDied): void => log.warn({ err: error }, 'a thread died; trying its job again')
  const helpers = openHelpers({ threads: settings.THREADS, limit: settings.QUEUE_LIMIT, onDeath })
  const engine = await engineOver({
    pack,
    helpers,
    model: await openModel(settings, pack, log, { onRun: (run) => metrics?.modelRan(run) }),
    keptLabels: new KeptLabels(defaultCacheFolder(process.env), pack, log),
    queueLimit: settings.QUEUE_LIMIT,
    onWaited: (seconds) => metrics?.waited(seconds),
  })
  const outboxes = new Outboxes()
  return {
    services: {
      engine,
      catalogue: createCatalogue(pack),
      probe,
      gallery,
      store,
      cards: createCardDrawer(helpers),
      outbox: outboxes,
      now: () => new Date(),
      newId: randomUUID,
      log,
    },
    outboxes,
    damaged,
    growGallery: () => (isEmbedded(pack.folder) ? undefined : growGallery({ pack, engine, gallery, log })),
    async close() {
      await engine.close()
      await store.close()
      await helpers.close()
    },
  }
}
