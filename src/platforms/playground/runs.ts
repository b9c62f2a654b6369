import { hostname } from 'node:os'
import { z } from 'zod'
import type { RecordKind, Store } from '../../store/store.ts'
import { scope } from './message.ts'

/** A process that has not reported for this long is gone. */
export const leaseMs = 30_000
const renewEveryMs = 10_000

const schema = z.object({ host: z.string(), pid: z.int() })

/** Which process runs a command, under the id of its message. */
export const lease = {
  name: 'playground-run',
  version: 1,
  lives: leaseMs,
  schema,
} satisfies RecordKind<z.infer<typeof schema>>

/** The commands that are running in this process and others; a new process leaves those of living processes alone. */
export class Runs {
  readonly #store: Store
  readonly #own = new Set<string>()
  #timer: NodeJS.Timeout | undefined

  constructor(store: Store) {
    this.#store = store
  }

  async begin(message: string): Promise<void> {
    this.#own.add(message)
    this.#timer ??= setInterval(() => void this.#renew(), renewEveryMs).unref()
    await this.#hold(message)
  }

  async end(message: string): Promise<void> {
    this.#own.delete(message)
    await this.#store.delete(lease, scope, [message])
  }

  /** Whether a living process runs it: certain for this machine's processes, known within half a minute for others. */
  async isHeld(message: string): Promise<boolean> {
    const held = await this.#store.get(lease, scope, [message])
    if (!held || this.#own.has(message)) return held !== undefined
    return held.host !== hostname() || lives(held.pid)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #hold(message: string): Promise<void> {
    return this.#store.set(lease, scope, [message], { host: hostname(), pid: process.pid })
  }

  /** A store that is briefly down does no harm: a lease outlasts two renewals. */
  async #renew(): Promise<void> {
    await Promise.allSettled([...this.#own].map((message) => this.#hold(message)))
  }
}

/** Whether another process has this number; one with our own was an earlier run of this container. */
function lives(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
