import { randomUUID } from 'node:crypto'
import { type Job, Queue, QueueEvents } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { Pack } from '../../clip/pack.ts'
import { UserError } from '../../errors.ts'
import type { EngineStatus, Priority, Visualization } from '../engine.ts'
import type { VisualizationRequest } from '../../visualization/visualize.ts'
import type { DrawOptions, EncodeJob, EncodeOptions, ExplainJob, Model, ModelResult } from '../model.ts'
import type { Provider } from '../engine.ts'
import { type Member, members, nobodyServes, speaks, workersFor } from './fleet.ts'
import { type Answer, type Ask, type Kind, type Outcome, pack, type Progress, unpack } from './messages.ts'
import {
  answerKey,
  askKey,
  cancelChannel,
  dialectOf,
  type Dialect,
  type LineName,
  lines,
  keyPrefix,
  progressChannel,
  queueName,
} from './names.ts'
import { Pending, unreachable } from './pending.ts'
import { Connections, mustAnswer } from '../../redis.ts'

/** What a worker has not begun and finished by then is asked after. A stalled job is taken over within 10 s. */
const usuallyHeardOfWithinMs = 20_000
/** Fairness is kept in front of the queue: a bot has no more in it than keeps each worker busy. */
const picturesPerWorker = 16
/** Workers come and go while the bot runs. */
const countWorkersEveryMs = 5000
/** What is put down for a worker lives this long, whatever becomes of the job. */
const askLivesMs = 10 * 60_000
/** BullMQ: lower goes first, and 0 before all. */
const priorities: Record<Priority, number> = { person: 1, schedule: 2, idle: 3 }
/** A worker died twice in the middle of it: the job itself may be at fault. */
const stalled = /stalled/

interface Options {
  readonly url: string
  readonly pack: Pack
  readonly log: Logger
  readonly heardOfWithinMs?: number
}

/**
 * A bot's end of the queue: workers in other processes run the model.
 * @throws UserError 'bad-settings' if Redis does not answer.
 */
export async function openQueueModel({
  url,
  pack,
  log,
  heardOfWithinMs = usuallyHeardOfWithinMs,
}: Options): Promise<Model> {
  const heard = warnOnce(log)
  const connections = new Connections(url, heard)
  const redis = connections.hasty()
  try {
    await mustAnswer(redis)
    const dialect = dialectOf(pack)
    const serving = await workersFor(redis, dialect)
    log.info({ workers: serving.length }, 'workers that serve this pack over the queue')
    const model = new QueueModel({ connections, redis, dialect, log, heard, serving, heardOfWithinMs })
    await model.listen()
    return model
  } catch (error) {
    connections.close()
    throw error
  }
}

interface Parts {
  readonly connections: Connections
  readonly redis: Redis
  readonly dialect: Dialect
  readonly log: Logger
  readonly heard: (error: Error) => void
  readonly serving: readonly Member[]
  readonly heardOfWithinMs: number
}

class QueueModel implements Model {
  readonly #parts: Parts
  readonly #bot = randomUUID()
  readonly #queues: Record<LineName, Queue>
  readonly #events: QueueEvents[]
  readonly #pending = new Pending()
  readonly #progress = new Map<string, (progress: Progress) => void>()
  #provider: Provider
  /** That serve this bot. */
  #workers: number
  #counting: NodeJS.Timeout | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    const { connections, redis, dialect, heard, serving } = parts
    this.#workers = serving.length
    this.#provider = serving[0]?.provider ?? 'cpu'
    const queue = (line: LineName) =>
      new Queue(queueName(line, dialect), { connection: redis, prefix: keyPrefix }).on('error', heard)
    this.#queues = { pictures: queue('pictures'), drawings: queue('drawings') }
    this.#events = lines.map((line) => {
      const events = new QueueEvents(queueName(line, dialect), {
        connection: connections.patient(),
        prefix: keyPrefix,
      })
      return events.on('error', heard)
    })
  }

  async listen(): Promise<void> {
    for (const events of this.#events) {
      events.on('completed', ({ jobId }) => this.#pending.done(jobId))
      events.on('failed', ({ jobId, failedReason }) => this.#pending.fail(jobId, failure(failedReason)))
    }
    const progress = this.#parts.connections.patient()
    progress.on('messageBuffer', (_, message: Buffer) => {
      const { job, progress } = unpack(message) as { job: string; progress: Progress }
      this.#progress.get(job)?.(progress)
    })
    await Promise.all([
      progress.subscribe(progressChannel(this.#bot)),
      ...this.#events.map((events) => events.waitUntilReady()),
    ])
    this.#counting = setInterval(() => void this.#countWorkers(), countWorkersEveryMs).unref()
  }

  get atOnce(): number {
    return picturesPerWorker * this.drawingsAtOnce
  }

  get drawingsAtOnce(): number {
    return Math.max(1, this.#workers)
  }

  status(): Pick<EngineStatus, 'provider' | 'reports'> {
    return { provider: this.#provider, reports: [] }
  }

  async ready(): Promise<boolean> {
    return (await this.#serving()).length > 0
  }

  #serving(): Promise<Member[]> {
    return workersFor(this.#parts.redis, this.#parts.dialect)
  }

  async #countWorkers(): Promise<void> {
    try {
      this.#workers = (await this.#serving()).length
    } catch (error) {
      this.#parts.log.debug({ err: error }, 'the workers could not be counted; as many as before, then')
    }
  }

  async encode(
    job: EncodeJob,
    { alone = false, signal }: EncodeOptions = {},
  ): Promise<ModelResult & { provider: Provider }> {
    const result = await this.#ask('pictures', 'encode', { ...job, alone }, { signal })
    this.#provider = result.provider
    return result
  }

  explain(job: ExplainJob, { signal }: EncodeOptions = {}): Promise<Float32Array | undefined> {
    return this.#ask('pictures', 'explain', job, { signal })
  }

  embedWords(words: readonly string[], { signal }: EncodeOptions = {}): Promise<Float32Array[]> {
    return this.#ask('pictures', 'embedWords', { words }, { signal })
  }

  visualize(
    request: VisualizationRequest,
    { signal, onProgress, priority = 'person' }: DrawOptions = {},
  ): Promise<Visualization> {
    return this.#ask('drawings', 'visualize', request, { signal, onProgress, priority: priorities[priority] })
  }

  async close(withinMs: number): Promise<void> {
    clearInterval(this.#counting)
    const until = Date.now() + withinMs
    while (this.#pending.size > 0 && Date.now() < until) await new Promise((done) => setTimeout(done, 20))
    this.#pending.failAll(cancelled())
    await Promise.allSettled([...Object.values(this.#queues), ...this.#events].map((part) => part.close()))
    this.#parts.connections.close()
  }

  async #ask<K extends Kind>(
    line: LineName,
    kind: K,
    ask: Ask<K>,
    {
      signal,
      onProgress,
      priority,
    }: {
      signal?: AbortSignal | undefined
      onProgress?: ((progress: Progress) => void) | undefined
      priority?: number
    },
  ): Promise<Answer<K>> {
    if (signal?.aborted) throw cancelled()
    const { redis } = this.#parts
    const id = randomUUID()
    const queue = this.#queues[line]
    const ended = this.#pending.wait(id, this.#parts.heardOfWithinMs, () => this.#isAlive(queue, id))
    // Heard by whoever awaits it below; until then a failure must not count as unhandled.
    ended.catch(() => undefined)
    const cancel = (): void => {
      this.#pending.fail(id, cancelled())
      void this.#cancel(queue, id)
    }
    if (onProgress) this.#progress.set(id, onProgress)
    signal?.addEventListener('abort', cancel)
    try {
      // Over one connection, so in this order: no worker hears of the job before what it asks is there.
      await Promise.all([
        redis.set(askKey(id), pack(ask), 'PX', askLivesMs),
        queue.add(
          kind,
          { bot: this.#bot },
          { jobId: id, ...(priority && { priority }), removeOnComplete: true, removeOnFail: true },
        ),
      ])
    } catch (error) {
      this.#pending.fail(id, unreachable(error))
    }
    try {
      await ended
      const bytes = await redis.getdelBuffer(answerKey(id))
      if (!bytes) throw new Error(`the answer to job ${id} is gone`)
      const outcome = unpack(bytes) as Outcome<K>
      if ('refused' in outcome) throw UserError.unpack(outcome.refused)
      return outcome.answer
    } finally {
      signal?.removeEventListener('abort', cancel)
      this.#progress.delete(id)
      redis.del(askKey(id)).catch(() => undefined)
    }
  }

  /** Whether a job is still to be waited for. @throws UserError 'busy' that says why nobody takes it. */
  async #isAlive(queue: Queue, id: string): Promise<boolean> {
    const { redis, dialect } = this.#parts
    const job = (await queue.getJob(id)) as Job | undefined
    if (!job) {
      // It ended, and its event was lost: the answer may be there all the same.
      if (await redis.exists(answerKey(id))) this.#pending.done(id)
      return false
    }
    const all = await members(redis)
    if (all.some(speaks(dialect))) return true
    this.#pending.fail(id, nobodyServes(dialect, all))
    await job.remove().catch(() => undefined)
    return false
  }

  async #cancel(queue: Queue, id: string): Promise<void> {
    try {
      // Removes what waits; what runs is locked by its worker, which hears of it.
      await queue.remove(id)
      await this.#parts.redis.publish(cancelChannel, id)
    } catch (error) {
      this.#parts.log.debug({ err: error }, 'a job could not be cancelled; its answer will be dropped')
    }
  }
}

const cancelled = (): UserError => new UserError('cancelled', 'chat.cancelled')

const failure = (reason: string): Error =>
  stalled.test(reason) ? new UserError('busy', 'chat.workers.lost') : new Error(`a worker failed: ${reason}`)

/** A line in the log when Redis goes away, not one at every try. */
function warnOnce(log: Logger): (error: Error) => void {
  let last = ''
  return (error) => {
    if (error.message === last) return
    last = error.message
    log.warn({ err: error }, 'the queue is not reachable')
  }
}
