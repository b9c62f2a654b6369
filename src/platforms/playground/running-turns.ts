import { setTimeout as wait } from 'node:timers/promises'

/** How long running turns have to finish when the playground stops, before they are aborted. */
const graceMs = 3_000
/** How long they then have to say that they were aborted. */
const abortMs = 1_000

interface Turn {
  readonly message: string
  readonly person: string
  readonly controller: AbortController
  readonly work: Promise<void>
}

/** What is running for whom, so that it can be cancelled, and so that stopping can wait for it. */
export class RunningTurns {
  readonly #running = new Set<Turn>()

  /** @param run never rejects. */
  take(message: string, person: string, run: (signal: AbortSignal) => Promise<void>): void {
    const controller = new AbortController()
    const turn = { message, person, controller, work: run(controller.signal) }
    this.#running.add(turn)
    void turn.work.finally(() => this.#running.delete(turn))
  }

  cancel(message: string, person: string): void {
    for (const turn of this.#running)
      if (turn.message === message && turn.person === person) turn.controller.abort()
  }

  /** Gives what is running a while to finish, then aborts it. */
  async end(): Promise<void> {
    await this.#idle(graceMs)
    for (const { controller } of this.#running) controller.abort()
    await this.#idle(abortMs)
  }

  async #idle(mostMs: number): Promise<void> {
    const controller = new AbortController()
    const late = wait(mostMs, undefined, { signal: controller.signal }).catch(() => undefined)
    await Promise.race([late, Promise.all([...this.#running].map(({ work }) => work))])
    controller.abort()
  }
}
