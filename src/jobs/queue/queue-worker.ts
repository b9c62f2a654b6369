import { randomUUID } from 'node:crypto'
import { type Job, Worker } from 'bullmq'
import type { Logger } from 'pino'
import type { Pack } from '../../clip/pack.ts'
import { UserError } from '../../errors.ts'
import type { VisualizationProgress } from '../../visualization/visualize.ts'
import type { RunOptions } from '../engine.ts'
import type { DrawOptions, Model } from '../model.ts'
import { join, type Member } from './fleet.ts'
import { type Answer, type Ask, type Kind, type Outcome, pack as packed, unpack } from './messages.ts'
import {
  answerKey,
  askKey,
  cancelChannel,
  dialectOf,
  type LineName,
  keyPrefix,
  progressChannel,
  queueName,
} from './names.ts'
import { Connections, mustAnswer } from '../../redis.ts'

/** How many pictures are taken at once: two full batches, so that the next one waits while one runs. */
const picturesAtOnce = 16
/** A worker that is silent for this long has died: its jobs go to another. */
const lockMs = 5000
/** An answer that its bot has not fetched by then is no longer wanted. */
const answerLivesMs = 60_000

export interface QueueWorker {
  /** Whether Redis answers. */
  ready(): Promise<boolean>
  /** Takes nothing new and lets running jobs finish. */
  close(): Promise<void>
}

interface QueueWorkerOptions {
  readonly url: string
  readonly pack: Pack
  readonly model: Model
  readonly log: Logger
  /** Told how many jobs it is working on whenever that changes. */
  readonly onBusy?: (jobs: number) => void
}

/**
 * A worker's end of the queue: takes jobs over its own pack and runs them on `model`.
 * @throws UserError 'bad-settings' if Redis does not answer.
 */
export async function serveQueue({
  url,
  pack,
  model,
  log,
  onBusy = () => {},
}: QueueWorkerOptions): Promise<QueueWorker> {
  const dialect = dialectOf(pack)
  const heard = (error: Error): void => log.warn({ err: error }, 'the queue is not reachable')
  const connections = new Connections(url, heard)
  const redis = connections.patient()
  await mustAnswer(redis).catch((error: unknown) => {
    connections.close()
    throw error
  })

  let busy = 0
  const handle = async (job: Job<{ bot: string }>, signal?: AbortSignal): Promise<void> => {
    const id = job.id!
    onBusy(++busy)
    try {
      const bytes = await redis.getBuffer(askKey(id))
      // The bot is no longer waiting.
      if (!bytes) return
      const onProgress = (progress: VisualizationProgress): void => {
        redis.publish(progressChannel(job.data.bot), packed({ job: id, progress })).catch(heard)
      }
      const options = { onProgress, ...(signal && { signal }) }
      const outcome = await settle(() => run(model, job.name as Kind, unpack(bytes) as Ask<Kind>, options))
      await redis.set(answerKey(id), packed(outcome), 'PX', answerLivesMs)
    } finally {
      onBusy(--busy)
    }
  }

  const work = (line: LineName, concurrency: number) =>
    new Worker<{ bot: string }>(queueName(line, dialect), (job, _, signal) => handle(job, signal), {
      connection: connections.patient(),
      prefix: keyPrefix,
      concurrency,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: 1,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    }).on('error', heard)
  const workers = [work('pictures', picturesAtOnce), work('drawings', 1)]
  const cancelling = connections.patient()
  await cancelling.subscribe(cancelChannel)
  cancelling.on('message', (_, id) => {
    for (const worker of workers) worker.cancelJob(id)
  })
  await Promise.all(workers.map((worker) => worker.waitUntilReady()))
  const membership = join(redis, randomUUID(), {
    ...dialect,
    provider: model.status().provider,
  } satisfies Member)

  return {
    ready: async () => (await redis.ping()) === 'PONG',
    async close() {
      await Promise.all(workers.map((worker) => worker.close()))
      // Last: while it finishes, the bots that wait for it must not think it is gone.
      await membership.leave()
      connections.close()
    },
  }
}

function run<K extends Kind>(
  model: Model,
  kind: K,
  ask: Ask<K>,
  { onProgress, ...stop }: Pick<RunOptions, 'signal'> & DrawOptions,
): Promise<Answer<K>> {
  const handlers: { [Each in Kind]: (ask: Ask<Each>) => Promise<Answer<Each>> } = {
    encode: ({ alone, ...picture }) => model.encode(picture, { ...stop, alone }),
    explain: (job) => model.explain(job, stop),
    embedWords: ({ words }) => model.embedWords(words, stop),
    visualize: (request) => model.visualize(request, { ...stop, ...(onProgress && { onProgress }) }),
  }
  return handlers[kind](ask)
}

/** What the person did wrong goes back as an answer; a fault of ours fails the job, with its cause in the log. */
async function settle<K extends Kind>(run: () => Promise<Answer<K>>): Promise<Outcome<K>> {
  try {
    return { answer: await run() }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { refused: error.pack() }
  }
}
