import { tmpdir } from 'node:os'
import type { Logger } from 'pino'
import { openPack, type Pack } from './clip/pack.ts'
import type { Model } from './jobs/model.ts'
import { openThreadModel, type ThreadModelOptions } from './jobs/thread-model.ts'
import { hasVulkanDriver } from './jobs/vulkan.ts'
import { defaultModelsFolder, servingFolder } from './packs/folders.ts'
import type { Settings } from './settings.ts'

type Hooks = Pick<ThreadModelOptions, 'onRun'>

export const modelsFolder = ({ MODELS_FOLDER: folder }: Settings): string =>
  folder ?? defaultModelsFolder(process.env)

/** The pack that serves: as servingFolder says. */
export const openPackOf = async (settings: Settings): Promise<Pack> =>
  openPack(await servingFolder(modelsFolder(settings), settings.MODEL_PACK))

/** The pack's model on threads of this process, or on a model server that they call. */
export function openOwnModel(settings: Settings, pack: Pack, log: Logger, hooks: Hooks = {}): Promise<Model> {
  // Without it Mesa's Vulkan drivers print a warning to the terminal.
  process.env['XDG_RUNTIME_DIR'] ??= tmpdir()
  return openThreadModel({
    pack,
    provider: settings.PROVIDER,
    ...(settings.MODEL_SERVER && { server: settings.MODEL_SERVER }),
    vulkan: hasVulkanDriver(process.platform, process.env),
    threads: settings.THREADS,
    log,
    ...hooks,
  })
}

/** The model, wherever the settings say that it runs: on workers behind a queue, or on threads of this process. */
export async function openModel(
  settings: Settings,
  pack: Pack,
  log: Logger,
  hooks: Hooks = {},
): Promise<Model> {
  if (!settings.QUEUE_URL) return openOwnModel(settings, pack, log, hooks)
  const { openQueueModel } = await import('./jobs/queue/queue-model.ts')
  return openQueueModel({ url: settings.QUEUE_URL, pack, log })
}
