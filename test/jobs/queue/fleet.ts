import { pino } from 'pino'
import type { Pack } from '../../../src/clip/pack.ts'
import { engineOver } from '../../../src/jobs/engine-over.ts'
import type { Engine } from '../../../src/jobs/engine.ts'
import { openQueueModel } from '../../../src/jobs/queue/queue-model.ts'
import { serveQueue } from '../../../src/jobs/queue/queue-worker.ts'
import { openThreadModel } from '../../../src/jobs/thread-model.ts'
import { openHelpers } from '../../../src/threads/pool.ts'

export const log = pino({ level: 'silent' })

/** A worker in this process. */
export async function startWorker(url: string, pack: Pack): Promise<{ close(): Promise<void> }> {
  const model = await openThreadModel({ pack, provider: 'cpu', threads: 1, log })
  const worker = await serveQueue({ url, pack, model, log })
  return {
    async close() {
      await worker.close()
      await model.close(1000)
    },
  }
}

/** A bot's engine without a model of its own. */
export async function openBot(
  url: string,
  pack: Pack,
  { queueLimit = 256, heardOfWithinMs }: { queueLimit?: number; heardOfWithinMs?: number } = {},
): Promise<Engine> {
  const model = await openQueueModel({ url, pack, log, ...(heardOfWithinMs && { heardOfWithinMs }) })
  return engineOver({ pack, model, helpers: openHelpers({ threads: 2 }), ownsHelpers: true, queueLimit })
}
