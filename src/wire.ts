import { tmpdir } from 'node:os'
import type { Logger } from 'pino'
import { createCardDrawer } from './cards/draw.ts'
import { Outboxes } from './chat/outbox.ts'
import type { Services } from './chat/services.ts'
import { openPack } from './clip/pack.ts'
import { openProbeSetOf } from './clip/probe-set.ts'
import { createEngine } from './jobs/in-process.ts'
import { hasVulkanDriver } from './jobs/vulkan.ts'
import { createCatalogue } from './neurons/catalogue.ts'
import { defaultModelsFolder, servingFolder } from './packs/folders.ts'
import type { Settings } from './settings.ts'
import { openStore } from './store/open.ts'
import { openHelpers, type ThreadDied } from './threads/pool.ts'
import { hasGallery, openGallery } from './visualization/gallery.ts'

/** How long cards that are being drawn at a stop may take. */
const endWithinMs = 1000

export interface Wired {
  readonly services: Services
  readonly outboxes: Outboxes
  /** Keys of the records that could not be read so far. */
  readonly damaged: readonly string[]
  close(): Promise<void>
}

/** Opens everything that the commands need, for the bot's process and the terminal's alike. */
export async function wire(settings: Settings, log: Logger): Promise<Wired> {
  const folder = await servingFolder(modelsFolder(settings), settings.MODEL_PACK)
  const pack = await openPack(folder)
  const probe = await openProbeSetOf(folder)
  const gallery = hasGallery(folder) ? await openGallery(folder) : undefined
  const damaged: string[] = []
  const store = await openStore(settings.STORE_URL, ({ key, message, cause }) => {
    damaged.push(key.join(' / '))
    log.error(
      { key, err: cause },
      `${message} It is skipped; \`neuron-games doctor\` lists all such records.`,
    )
  })
  const onDeath = (error: ThreadDied): void => log.warn({ err: error }, 'a thread died; trying its job again')
  const helpers = openHelpers({ threads: settings.THREADS, limit: settings.QUEUE_LIMIT, onDeath })
  // Without it Mesa's Vulkan drivers print a warning into whatever the terminal shows.
  process.env['XDG_RUNTIME_DIR'] ??= tmpdir()
  const engine = await createEngine({
    pack,
    helpers,
    provider: settings.PROVIDER,
    vulkan: hasVulkanDriver(process.platform, process.env),
    threads: settings.THREADS,
    queueLimit: settings.QUEUE_LIMIT,
    log,
  })
  const outboxes = new Outboxes()
  return {
    services: {
      engine,
      catalogue: createCatalogue(pack),
      probe,
      ...(gallery && { gallery }),
      store,
      cards: createCardDrawer(helpers),
      outbox: outboxes,
      now: () => new Date(),
      log,
    },
    outboxes,
    damaged,
    async close() {
      await engine.close()
      await helpers.close(endWithinMs)
      await store.close()
    },
  }
}

export const modelsFolder = ({ MODELS_FOLDER: folder }: Settings): string =>
  folder ?? defaultModelsFolder(process.env)
