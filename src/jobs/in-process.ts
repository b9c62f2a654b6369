import { openHelpers, type Pool, type ThreadDied } from '../threads/pool.ts'
import { engineOver } from './engine-over.ts'
import type { Engine } from './engine.ts'
import { openThreadModel, type ThreadModelOptions } from './thread-model.ts'

export interface EngineOptions extends ThreadModelOptions {
  /** Where pictures are decoded, shared with others who close it; of the engine's own if left out. */
  readonly helpers?: Pool
  /** Requests that may wait. */
  readonly queueLimit: number
}

/** The engine all in this process, as openThreadModel and engineOver say. */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { threads, log } = options
  const onDeath = (error: ThreadDied): void => log.warn({ err: error }, 'a thread died; trying its job again')
  const model = await openThreadModel(options)
  const helpers = options.helpers ?? openHelpers({ threads, onDeath })
  return engineOver({ ...options, model, helpers, ownsHelpers: !options.helpers })
}
