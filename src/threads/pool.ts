import { Piscina } from 'piscina'
import { type Answer, unpack } from './answer.ts'
import { threadFile } from './file.ts'
import { Line, type WaitOptions } from './line.ts'

/** A thread ended in the middle of a job: it ran out of memory, or the job brought it down. */
export class ThreadDied extends Error {
  override readonly name = 'ThreadDied'
}

/** A job took longer than allowed. Its thread was ended with it. */
export class TookTooLong extends Error {
  override readonly name = 'TookTooLong'
}

type Jobs = Record<string, (job: never) => Promise<Answer<unknown>>>
type Value<Job> = Job extends (job: never) => Promise<Answer<infer T>> ? T : never

export interface PoolOptions {
  readonly threads: number
  /** Jobs that one thread runs at once: 1, unless they mostly wait. */
  readonly each?: number
  /** Jobs that may wait; no bound if left out. */
  readonly limit?: number
  /** `workerData` of the threads; copied to each. */
  readonly data?: unknown
  /** How much lower the threads' priority is than ours, 0 to 19. */
  readonly nice?: number
  /** Told when a job brought down its thread and is tried once more. */
  readonly onDeath?: (error: ThreadDied) => void
}

export interface JobOptions extends WaitOptions {
  /** The thread is ended if the job takes longer, counted from its turn. */
  readonly deadlineMs?: number
  /** Not tried again if its thread dies. */
  readonly once?: boolean
}

/** The jobs that a worker file can do: its exports. */
export interface JobsOf<Module extends { [Name in keyof Module]: Jobs[string] }> {
  /**
   * @param make makes the job when its turn comes, and again for a second try
   * @throws what the job threw; UserError 'busy' or 'cancelled' as Line.run; ThreadDied if its thread died (twice, unless
   * `once`); TookTooLong.
   */
  run<Name extends keyof Module & string>(
    name: Name,
    make: () => Parameters<Module[Name]>[0],
    options?: JobOptions,
  ): Promise<Value<Module[Name]>>
}

/** Pictures are decoded in libuv's pool, which has four threads for the whole process. */
const maxHelpers = 4

/** The pool that everything short shares: decoding, measuring, drawing. */
export const openHelpers = (options: PoolOptions): Pool =>
  new Pool({ ...options, threads: Math.min(options.threads, maxHelpers) })

/** Threads for everything that would hold up the event loop, with a line in front. A thread that dies is replaced. */
export class Pool {
  readonly line: Line
  readonly threads: number
  readonly #pool: Piscina
  readonly #onDeath: (error: ThreadDied) => void
  /** What the threads are doing now, also for callers that have stopped waiting. */
  readonly #running = new Set<Promise<unknown>>()

  constructor({ threads, each = 1, limit = Infinity, data, nice = 0, onDeath = () => {} }: PoolOptions) {
    this.threads = threads
    this.#onDeath = onDeath
    this.line = new Line({ atOnce: threads * each, limit })
    this.#pool = new Piscina({
      // Started when first needed: ending a thread that is still loading its native library ends the process.
      minThreads: 0,
      idleTimeout: Infinity,
      maxThreads: threads,
      concurrentTasksPerWorker: each,
      workerData: data,
      niceIncrement: nice,
      recordTiming: false,
    })
    // A thread died between two jobs: nobody is waiting for it, and the next job gets a new one.
    this.#pool.on('error', () => {})
  }

  /** @param file the worker file, relative to the project's root: 'src/jobs/model.worker.ts' */
  jobs<Module extends { [Name in keyof Module]: Jobs[string] }>(file: string): JobsOf<Module> {
    const filename = threadFile(file)
    return {
      run: async (name, make, { deadlineMs, once = false, ...waiting } = {}) => {
        const attempt = () => this.#attempt(filename, name, make(), deadlineMs)
        const answer = await this.line.run(async () => {
          try {
            return await attempt()
          } catch (error) {
            if (once || !(error instanceof ThreadDied)) throw error
            this.#onDeath(error)
            return attempt()
          }
        }, waiting)
        return unpack(answer) as never
      },
    }
  }

  async #attempt(
    filename: string,
    name: string,
    job: unknown,
    deadlineMs: number | undefined,
  ): Promise<Answer<unknown>> {
    const deadline = deadlineMs === undefined ? undefined : AbortSignal.timeout(deadlineMs)
    const running: Promise<Answer<unknown>> = this.#pool.run(job, {
      filename,
      name,
      ...(deadline && { signal: deadline }),
    })
    this.#running.add(running)
    try {
      return await running
    } catch (cause) {
      if (deadline?.aborted) throw new TookTooLong(`A job took longer than ${deadlineMs} ms`, { cause })
      throw new ThreadDied('A thread ended in the middle of a job', { cause })
    } finally {
      this.#running.delete(running)
    }
  }

  /**
   * Ends the threads when all jobs are done, however long that takes: ending a thread inside a native library, or while it
   * loads one, takes the process down with it. Whoever can't wait that long ends the process.
   */
  async close(): Promise<void> {
    await this.line.idle()
    // A cancelled job leaves the line before its thread has noticed.
    await Promise.allSettled(this.#running)
    await this.line.close(0)
    await this.#pool.destroy()
  }
}
