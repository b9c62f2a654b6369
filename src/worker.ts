import { ownerError } from './errors.ts'
import { createLog, exitWith } from './log.ts'
import { Metrics } from './metrics/metrics.ts'
import { serveMetrics } from './metrics/serve.ts'
import { openOwnModel, openPackOf } from './open-model.ts'
import { serveQueue } from './jobs/queue/queue-worker.ts'
import { readSettings, secretsOf } from './settings.ts'

/** How long running jobs have to finish; a compose file should wait a little longer before it kills. */
const finishWithinMs = 25_000

/** A worker's process: opens a pack and takes jobs from the queue until it is told to stop. */
async function main(): Promise<void> {
  const settings = readSettings()
  const { QUEUE_URL: url, METRICS_HOST: host, METRICS_PORT: port } = settings
  if (!url) throw ownerError('bad-settings', 'A worker needs QUEUE_URL, the Redis that its bots use.')
  const log = createLog({ level: settings.LOG_LEVEL, secrets: secretsOf(settings) })
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'a promise was rejected unhandled'))
  let busy = 0
  const metrics = new Metrics({ queue: () => ({ waiting: 0, running: busy }) })
  const pack = await openPackOf(settings)
  const model = await openOwnModel(settings, pack, log, { onRun: (run) => metrics.modelRan(run) })
  const worker = await serveQueue({ url, pack, model, log, onBusy: (jobs) => (busy = jobs) })
  const checks = [
    { name: 'queue', ready: () => worker.ready() },
    { name: 'model', ready: () => model.ready() },
  ]
  const metricsServer = port === undefined ? undefined : await serveMetrics(metrics, checks, { host, port })
  log.info(
    `Serving ${pack.facts.title} on ${model.status().provider} to the bots of this queue. Ctrl+C stops.`,
  )
  const stop = async (signal: string): Promise<void> => {
    log.info({ signal }, 'finishing running jobs')
    setTimeout(() => process.exit(1), finishWithinMs).unref()
    await worker.close()
    await Promise.all([model.close(0), metricsServer?.stop()])
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal))
}

await main().catch(exitWith)
