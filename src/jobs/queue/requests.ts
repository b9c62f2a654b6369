import { randomUUID } from 'node:crypto'
import { type Job, Queue, QueueEvents } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { UserError } from '../../errors.ts'
import type { Connections } from '../../redis.ts'
import { members, nobodyServes, speaks } from './fleet.ts'
import { type Answer, type Ask, type Kind, type Outcome, pack, type Progress, unpack } from './messages.ts'
import {
  answerKey,
  askKey,
  cancelChannel,
  type Dialect,
  keyPrefix,
  type LineName,
  lines,
  progressChannel,
  queueName,
} from './names.ts'
import { Pending, unreachable } from './pending.ts'

/** What is stored for a worker lives this long, whatever becomes of the job. */
const askLivesMs = 10 * 60_000
/** A worker died twice in the middle of it: the job itself may be at fault. */
const stalled = /stalled/

export interface RequestsSetup {
  readonly connections: Connections
  readonly redis: Redis
  readonly dialect: Dialect
  readonly log: Logger
  /** Told of errors of the connections. */
  readonly heard: (error: Error) => void
  /** After this long, a job that has not ended is checked on. */
  readonly heardOfWithinMs: number
}

interface AskOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** BullMQ's: a lower number goes first, and 0 before all others. */
  readonly priority?: number
}

/** A bot's requests to the workers: puts each one in the queue, waits for its end and fetches the answer. */
export class Requests {
  readonly #setup: RequestsSetup
  readonly #bot = randomUUID()
  readonly #queues: Record<LineName, Queue>
  readonly #events: QueueEvents[]
  readonly #pending = new Pending()
  readonly #progress = new Map<string, (progress: Progress) => void>()

  constructor(setup: RequestsSetup) {
    this.#setup = setup
    const { connections, redis, dialect, heard } = setup
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

  /** Must be called before the first `ask`, or an end could be missed. */
  async listen(): Promise<void> {
    for (const events of this.#events) {
      events.on('completed', ({ jobId }) => this.#pending.done(jobId))
      events.on('failed', ({ jobId, failedReason }) => this.#pending.fail(jobId, failure(failedReason)))
    }
    const progress = this.#setup.connections.patient()
    progress.on('messageBuffer', (_, message: Buffer) => {
      const { job, progress } = unpack(message) as { job: string; progress: Progress }
      this.#progress.get(job)?.(progress)
    })
    await Promise.all([
      progress.subscribe(progressChannel(this.#bot)),
      ...this.#events.map((events) => events.waitUntilReady()),
    ])
  }

  /** @throws UserError that the worker answered with, or 'busy' if no worker takes it, or 'cancelled' */
  async ask<K extends Kind>(
    line: LineName,
    kind: K,
    ask: Ask<K>,
    { signal, onProgress, priority }: AskOptions,
  ): Promise<Answer<K>> {
    if (signal?.aborted) throw cancelled()
    const { redis, heardOfWithinMs } = this.#setup
    const id = randomUUID()
    const queue = this.#queues[line]
    const ended = this.#pending.wait(id, heardOfWithinMs, () => this.#isAlive(queue, id))
    // Whoever awaits it below sees a failure; until then it must not count as unhandled.
    ended.catch(() => undefined)
    const cancel = (): void => {
      this.#pending.fail(id, cancelled())
      void this.#cancel(queue, id)
    }
    if (onProgress) this.#progress.set(id, onProgress)
    signal?.addEventListener('abort', cancel)
    try {
      // Over one connection, so in this order: no worker sees the job before its input is there.
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

  /** Waits this long for what was asked, then gives up on the rest. */
  async close(withinMs: number): Promise<void> {
    const until = Date.now() + withinMs
    while (this.#pending.size > 0 && Date.now() < until) await new Promise((done) => setTimeout(done, 20))
    this.#pending.failAll(cancelled())
    await Promise.allSettled([...Object.values(this.#queues), ...this.#events].map((part) => part.close()))
  }

  /** Whether it is still worth waiting for a job. @throws UserError 'busy' that says why nobody takes it. */
  async #isAlive(queue: Queue, id: string): Promise<boolean> {
    const { redis, dialect } = this.#setup
    const job = (await queue.getJob(id)) as Job | undefined
    if (!job) {
      // It ended and its event was lost: the answer may still be there.
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
      // Removes a waiting job; a running one is locked by its worker, which is told.
      await queue.remove(id)
      await this.#setup.redis.publish(cancelChannel, id)
    } catch (error) {
      this.#setup.log.debug({ err: error }, 'a job could not be cancelled; its answer will be dropped')
    }
  }
}

const cancelled = (): UserError => new UserError('cancelled', 'chat.cancelled')

const failure = (reason: string): Error =>
  stalled.test(reason) ? new UserError('busy', 'chat.workers.lost') : new Error(`a worker failed: ${reason}`)
