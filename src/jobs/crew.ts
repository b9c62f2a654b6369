import type { MessagePort } from 'node:worker_threads'
import { Piscina } from 'piscina'
import { threadFile } from '../thread-file.ts'
import { type Answer, unpack } from './thread-answer.ts'
import { within } from './within.ts'

/** A thread ended in the middle of a job: it ran out of memory, or the job brought it down. */
export class ThreadDied extends Error {
  override readonly name = 'ThreadDied'
}

type Jobs = Record<string, (job: never) => Promise<Answer<unknown>>>
type Value<Job> = Job extends (job: never) => Promise<Answer<infer T>> ? T : never

interface CrewOptions {
  /** Of the worker's source, from the project's root. Its exports are the jobs. */
  readonly file: string
  readonly threads: number
  /** What `workerData` is on the threads; copied to each. */
  readonly data: unknown
  /** How much lower than ours the threads' priority is, 0 to 19. */
  readonly nice?: number
}

/** Threads that all run one file. One that dies is replaced; its job rejects with ThreadDied. */
export class Crew<Module extends { [Name in keyof Module]: Jobs[string] }> {
  readonly #pool: Piscina
  readonly #running = new Set<Promise<unknown>>()

  constructor({ file, threads, data, nice = 0 }: CrewOptions) {
    this.#pool = new Piscina({
      filename: threadFile(file),
      // Started when first needed: ending a thread that is still loading its native library ends the process.
      minThreads: 0,
      idleTimeout: Infinity,
      maxThreads: threads,
      workerData: data,
      niceIncrement: nice,
      recordTiming: false,
    })
    // A thread that dies between two jobs: nobody waits for it, and the next job has a new one.
    this.#pool.on('error', () => {})
  }

  /** @param transfer buffers and ports of the job that are handed over instead of being copied. */
  async run<Name extends keyof Module & string>(
    name: Name,
    job: Parameters<Module[Name]>[0],
    transfer: readonly (ArrayBuffer | MessagePort)[] = [],
  ): Promise<Value<Module[Name]>> {
    const running: Promise<Answer<Value<Module[Name]>>> = this.#pool
      .run(job, { name, transferList: [...transfer] })
      .catch((cause: unknown) => {
        throw new ThreadDied('A thread ended in the middle of a job', { cause })
      })
    this.#running.add(running)
    try {
      return unpack(await running)
    } finally {
      this.#running.delete(running)
    }
  }

  /**
   * Ends the threads when their jobs are done, or else after this long: those jobs then reject with ThreadDied,
   * and ending a thread inside a native library may end the process.
   */
  async close(withinMs: number): Promise<void> {
    await within(withinMs, this.#running)
    await this.#pool.destroy()
  }
}

/** A job may bring its thread down once. @param onDeath told about that */
export async function retryOnce<T>(run: () => Promise<T>, onDeath: (error: ThreadDied) => void): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof ThreadDied)) throw error
    onDeath(error)
    return run()
  }
}
