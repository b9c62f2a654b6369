import { UserError } from '../errors.ts'
import type { RunOptions } from './engine.ts'
import { FairQueue } from './fair-queue.ts'
import { within } from './within.ts'

interface Ticket {
  readonly begin: () => void
  readonly tellPlace: (place: number) => void
  readonly cancel: () => void
}

const cancelled = (): UserError => new UserError('cancelled', 'This was cancelled before it was finished.')

/** A bounded waiting line in front of something that serves a few at once; requesters take turns. */
export class Line {
  readonly #waiting = new FairQueue<Ticket>()
  readonly #atOnce: number
  readonly #limit: number
  readonly #onChange: () => void
  readonly #running = new Map<Ticket, Promise<void>>()
  #closed = false

  /**
   * @param atOnce how many are served at once
   * @param limit how many may wait
   * @param onChange called when somebody came or went
   */
  constructor({
    atOnce,
    limit,
    onChange = () => {},
  }: {
    atOnce: number
    limit: number
    onChange?: () => void
  }) {
    this.#atOnce = atOnce
    this.#limit = limit
    this.#onChange = onChange
  }

  get waiting(): number {
    return this.#waiting.size
  }

  get running(): number {
    return this.#running.size
  }

  /**
   * Runs a job when its turn comes. Aborted, it leaves the line, or what becomes of it is dropped.
   * @throws UserError 'busy' where the line is full, 'cancelled' where it was aborted or the line closed.
   */
  run<T>(
    job: () => Promise<T>,
    { signal, requester = '', onPlace }: Pick<RunOptions, 'signal' | 'requester' | 'onPlace'> = {},
  ): Promise<T> {
    if (this.#closed || signal?.aborted) return Promise.reject(cancelled())
    if (this.#running.size >= this.#atOnce && this.#waiting.size >= this.#limit) {
      const sentence = `Too many are waiting already (${this.#waiting.size}); please try again in a minute.`
      return Promise.reject(new UserError('busy', sentence))
    }
    const { promise, resolve, reject } = withResolvers<T>()
    const ticket: Ticket = {
      begin: () => {
        onPlace?.(0)
        const ended = job()
          .then(resolve, reject)
          .finally(() => {
            signal?.removeEventListener('abort', ticket.cancel)
            this.#running.delete(ticket)
            this.#advance()
          })
        this.#running.set(ticket, ended)
      },
      tellPlace: changesOnly(onPlace),
      cancel: () => {
        signal?.removeEventListener('abort', ticket.cancel)
        reject(cancelled())
        if (this.#waiting.remove(ticket)) this.#advance()
      },
    }
    signal?.addEventListener('abort', ticket.cancel)
    this.#waiting.push(requester, ticket)
    this.#advance()
    return promise
  }

  #advance(): void {
    while (!this.#closed && this.#running.size < this.#atOnce && this.#waiting.size > 0) {
      this.#waiting.shift()!.begin()
    }
    let place = 1
    for (const ticket of this.#waiting) ticket.tellPlace(place++)
    this.#onChange()
  }

  /** Cancels what waits, gives what runs this long to finish, and cancels that too. */
  async close(withinMs: number): Promise<void> {
    this.#closed = true
    const waiting = Array.from(this.#waiting)
    for (const ticket of waiting) ticket.cancel()
    await within(withinMs, this.#running.values())
    for (const ticket of this.#running.keys()) ticket.cancel()
  }
}

/** Passes a number on only where it differs from the one before. */
function changesOnly(pass: ((value: number) => void) | undefined): (value: number) => void {
  let last: number | undefined
  return (value) => {
    if (value === last) return
    last = value
    pass?.(value)
  }
}

/** Promise.withResolvers, which Node has from 22 on. */
function withResolvers<T>() {
  let resolve!: (value: T) => void
  let reject!: (reason: unknown) => void
  const promise = new Promise<T>((onValue, onReason) => {
    resolve = onValue
    reject = onReason
  })
  return { promise, resolve, reject }
}
