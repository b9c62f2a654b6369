import { mkdir } from 'node:fs/promises'
import { dirname, isAbsolute, join } from 'node:path'
import type { Logger } from 'pino'
import { createCardDrawer } from './cards/draw.ts'
import { Outboxes } from './chat/outbox.ts'
import type { Services } from './chat/services.ts'
import { openPack } from './clip/pack.ts'
import { openProbeSetOf } from './clip/probe-set.ts'
import { createEngine } from './jobs/in-process.ts'
import { createCatalogue } from './neurons/catalogue.ts'
import { projectRoot } from './root.ts'
import type { Settings } from './settings.ts'
import { openStore } from './store/open.ts'
import { hasGallery, openGallery } from './visualization/gallery.ts'

export interface Wired {
  readonly services: Services
  readonly outboxes: Outboxes
  close(): Promise<void>
}

/** Opens everything that the commands need, for the bot's process and the terminal's alike. */
export async function wire(settings: Settings, log: Logger): Promise<Wired> {
  const folder = isAbsolute(settings.MODEL_PACK)
    ? settings.MODEL_PACK
    : join(projectRoot, settings.MODEL_PACK)
  const pack = await openPack(folder)
  const probe = await openProbeSetOf(folder)
  const gallery = hasGallery(folder) ? await openGallery(folder) : undefined
  await makeFolderFor(settings.STORE_URL)
  const store = await openStore(settings.STORE_URL)
  const engine = await createEngine({
    pack,
    provider: settings.PROVIDER,
    threads: settings.THREADS,
    queueLimit: settings.QUEUE_LIMIT,
    log,
  })
  const cards = createCardDrawer({ threads: 1 })
  const outboxes = new Outboxes()
  return {
    services: {
      engine,
      catalogue: createCatalogue(pack),
      probe,
      ...(gallery && { gallery }),
      store,
      cards,
      outbox: outboxes,
      now: () => new Date(),
      log,
    },
    outboxes,
    async close() {
      await engine.close()
      await cards.close()
      await store.close()
    },
  }
}

/** SQLite makes its file, not the folder that it lies in. */
async function makeFolderFor(storeUrl: string): Promise<void> {
  const file = /^sqlite:\/\/(.+)$/.exec(storeUrl)?.[1]
  if (file) await mkdir(dirname(file), { recursive: true })
}
