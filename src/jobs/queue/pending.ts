import { UserError } from '../../errors.ts'

interface Waiting {
  resolve(): void
  reject(error: unknown): void
}

export const unreachable = (cause?: unknown): UserError =>
  new UserError('busy', 'chat.workers.unreachable', { cause })

/**
 * This bot's jobs that somebody is waiting for. A wait begins before its job is added, so that its end is never missed,
 * and gives up if nothing is heard for too long: nothing hangs if Redis or a worker is gone.
 */
export class Pending {
  readonly #waiting = new Map<string, Waiting>()

  get size(): number {
    return this.#waiting.size
  }

  /** @param alive asked when time is up; if true, the wait continues for as long again */
  wait(job: string, withinMs: number, alive: () => Promise<boolean>): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const check = (): void => {
        alive().then(
          (is) => (is ? (timer = setTimeout(check, withinMs)) : waiting.reject(unreachable())),
          (error: unknown) => waiting.reject(unreachable(error)),
        )
      }
      let timer = setTimeout(check, withinMs)
      const end = (then: () => void) => {
        clearTimeout(timer)
        this.#waiting.delete(job)
        then()
      }
      const waiting: Waiting = {
        resolve: () => end(resolve),
        reject: (error) => end(() => reject(error)),
      }
      this.#waiting.set(job, waiting)
    })
  }

  done(job: string): void {
    this.#waiting.get(job)?.resolve()
  }

  fail(job: string, error: unknown): void {
    this.#waiting.get(job)?.reject(error)
  }

  failAll(error: unknown): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error)
  }
}
