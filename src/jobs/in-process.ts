import { openHelpers, type Pool, type ThreadDied } from '../threads/pool.ts'
import { engineOver } from './engine-over.ts'
import type { Engine } from './engine.ts'
import type { KeptLabels } from './kept-labels.ts'
import { openThreadModel, type ThreadModelOptions } from './thread-model.ts'

export interface EngineOptions extends ThreadModelOptions {
  /** Where pictures are decoded; closed by its owner. If left out, the engine opens its own. */
  readonly helpers?: Pool
  /** See EngineParts. */
  readonly keptLabels?: KeptLabels
  /** Requests that may wait. */
  readonly queueLimit: number
}

/** An engine that runs entirely in this process; see openThreadModel and engineOver. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { threads, log } = options
  const onDeath = (error: ThreadDied): void => log.warn({ err: error }, 'a thread died; trying its job again')
  const model = await openThreadModel(options)
  const helpers = options.helpers ?? openHelpers({ threads, onDeath })
  return engineOver({ ...options, model, helpers, ownsHelpers: !options.helpers })
}
