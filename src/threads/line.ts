import { setTimeout } from 'node:timers/promises'
import { UserError } from '../errors.ts'
import { FairQueue } from './fair-queue.ts'

/** Whoever waits: one person of one community. */
export interface Requester {
  readonly community: string
  readonly person: string
}

export interface WaitOptions {
  readonly signal?: AbortSignal
  /** Requesters take turns, and each has a share of the line; work without a requester (the bot's own) may fill it all. */
  readonly requester?: Requester
  /** Called with the place in line (1 is next) whenever it changes, and with 0 when the run begins. */
  readonly onPlace?: (place: number) => void
  /** Memory that the job holds while it waits. */
  readonly bytes?: number
}

interface LineOptions {
  /** How many are served at once; it may change over time. */
  readonly atOnce: number
  /** How many may wait. */
  readonly limit: number
  /** How much memory those who wait may hold in all, in bytes. */
  readonly byteLimit?: number
  /** Called when somebody came or went. */
  readonly onChange?: () => void
}

/** The share of the line that one community, and one person, may fill; but at least `leastShare` jobs. */
const shares = { community: 1 / 2, person: 1 / 16 }
const leastShare = 8
/** One picture of the largest size that is accepted. */
const leastByteShare = 25 * 2 ** 20

interface Ticket {
  readonly bytes: number
  readonly begin: () => void
  readonly tellPlace: (place: number) => void
  readonly cancel: () => void
}

const cancelled = (): UserError => new UserError('cancelled', 'chat.cancelled')

const pathOf = (requester: Requester | undefined): string[] =>
  requester ? [requester.community, requester.person] : ['']

/** A bounded queue in front of something that serves a few jobs at once; requesters take turns. */
export class Line {
  readonly #waiting = new FairQueue<Ticket>()
  readonly #options: LineOptions
  readonly #running = new Map<Ticket, Promise<void>>()
  #closed = false

  constructor(options: LineOptions) {
    this.#options = options
  }

  get waiting(): number {
    return this.#waiting.size
  }

  get running(): number {
    return this.#running.size
  }

  /**
   * Runs a job when its turn comes. If it is aborted, it leaves the line, or if it is running, its result is dropped.
   * @throws UserError 'busy' if the line, or the requester's share of it, is full; 'cancelled' if it was aborted or
   * the line closed.
   */
  async run<T>(job: () => Promise<T>, options: WaitOptions = {}): Promise<T> {
    const { signal, requester, onPlace, bytes = 0 } = options
    if (this.#closed || signal?.aborted) throw cancelled()
    if (this.#running.size >= this.#options.atOnce) this.#mustHaveRoom(requester, bytes)
    const { promise, resolve, reject } = withResolvers<T>()
    const ticket: Ticket = {
      bytes,
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
    this.#waiting.push(pathOf(requester), ticket)
    this.#advance()
    return promise
  }

  /** Resolves when nobody waits and nothing runs. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running.values())
  }

  #mustHaveRoom(requester: Requester | undefined, bytes: number): void {
    const { limit, byteLimit = Infinity } = this.#options
    const full = (path: readonly string[], share: number): boolean => {
      const held = [...this.#waiting.of(path)]
      return (
        held.length >= Math.min(limit, Math.max(leastShare, share * limit)) ||
        held.reduce((sum, ticket) => sum + ticket.bytes, bytes) > Math.max(leastByteShare, share * byteLimit)
      )
    }
    if (requester && full([requester.community, requester.person], shares.person))
      throw new UserError('busy', 'chat.busy.person')
    if (requester && full([requester.community], shares.community))
      throw new UserError('busy', 'chat.busy.community')
    if (full([], 1)) throw new UserError('busy', 'chat.busy.all', { values: { waiting: this.#waiting.size } })
  }

  #advance(): void {
    while (!this.#closed && this.#running.size < this.#options.atOnce && this.#waiting.size > 0) {
      this.#waiting.shift()!.begin()
    }
    let place = 1
    for (const ticket of this.#waiting) ticket.tellPlace(place++)
    this.#options.onChange?.()
  }

  /** Cancels waiting jobs, gives running ones this long to finish, then cancels those, too. */
  async close(withinMs: number): Promise<void> {
    this.#closed = true
    const waiting = Array.from(this.#waiting)
    for (const ticket of waiting) ticket.cancel()
    await within(withinMs, this.#running.values())
    for (const ticket of this.#running.keys()) ticket.cancel()
  }
}

/** Waits for all of these to settle, but no longer than this. */
async function within(ms: number, works: Iterable<Promise<unknown>>): Promise<void> {
  const done = new AbortController()
  const timeIsUp = setTimeout(ms, undefined, { signal: done.signal })
  await Promise.race([Promise.allSettled(works), timeIsUp])
  done.abort()
  await timeIsUp.catch(() => {})
}

/** Passes on a number only if it differs from the previous one. */
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
