import { randomBytes } from 'node:crypto'
import type { PageEvent } from './page.ts'

export interface Envelope {
  readonly id: string
  readonly event: PageEvent
}

/** Who receives an event: everybody, one person, or everybody but one. */
export type Audience = 'all' | { readonly only: string } | { readonly except: string }

/** A page that has missed more than this starts afresh. */
const kept = 1_000

/** Server-sent events to all pages; a page that lost its connection gets what it missed. */
export class Hub {
  /** Distinguishes this run of the server from earlier ones. */
  readonly #run = randomBytes(6).toString('base64url')
  #sent = 0
  #recent: (Envelope & { audience: Audience })[] = []
  readonly #listeners = new Map<(envelope: Envelope) => void, string>()

  /** Where a page that has the whole state continues from. */
  get cursor(): string {
    return this.#id(this.#sent)
  }

  publish(event: PageEvent, audience: Audience = 'all'): void {
    this.#sent += 1
    const envelope = { id: this.cursor, event }
    this.#recent.push({ ...envelope, audience })
    if (this.#recent.length > kept) this.#recent = this.#recent.slice(-kept / 2)
    for (const [listener, person] of this.#listeners) if (hears(audience, person)) listener(envelope)
  }

  /** Calls `listener` with everything after `cursor`, then with whatever happens. Returns a function that stops it. */
  listen(person: string, cursor: string | undefined, listener: (envelope: Envelope) => void): () => void {
    for (const envelope of this.#since(cursor, person)) listener(envelope)
    this.#listeners.set(listener, person)
    return () => this.#listeners.delete(listener)
  }

  #since(cursor: string | undefined, person: string): Envelope[] {
    const [run, text] = (cursor ?? '').split('.')
    const seen = Number(text)
    const oldest = this.#sent - this.#recent.length
    if (run !== this.#run || !(seen >= oldest && seen <= this.#sent))
      return [{ id: this.cursor, event: { kind: 'reset' } }]
    return this.#recent.slice(seen - oldest).filter(({ audience }) => hears(audience, person))
  }

  #id(count: number): string {
    return `${this.#run}.${count}`
  }
}

function hears(audience: Audience, person: string): boolean {
  if (audience === 'all') return true
  return 'only' in audience ? audience.only === person : audience.except !== person
}
