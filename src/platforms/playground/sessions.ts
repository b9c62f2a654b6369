import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { z } from 'zod'
import { UserError } from '../../errors.ts'
import { withoutDamaged } from '../../store/records.ts'
import type { RecordKind, Store } from '../../store/store.ts'
import { isLoopback } from './guard.ts'
import { scope } from './message.ts'

export const keyKind = {
  name: 'playground-key',
  version: 1,
  schema: z.object({ key: z.string() }),
} satisfies RecordKind<{ key: string }>

const hour = 60 * 60
/** New browsers per hour, from one address and in all; behind a proxy on this machine all have the same address. */
const fromOneAddress = 60
const inAll = 500

const fresh = (): string => randomBytes(32).toString('base64url')

/**
 * Every browser is a person: its cookie holds a secret, signed with a key in the store, so that only cookies that were
 * issued here count, and no more are issued than people can need.
 */
export class Sessions {
  readonly #key: string
  readonly #limits = [
    new RateLimiterMemory({ points: fromOneAddress, duration: hour }),
    new RateLimiterMemory({ points: inAll, duration: hour }),
  ] as const
  /** Whoever opens the link with this secret is an owner. It changes at each start. */
  readonly #ownerSecret = fresh()

  private constructor(key: string) {
    this.#key = key
  }

  static async load(store: Store): Promise<Sessions> {
    await store.insertIfAbsent(keyKind, scope, ['cookies'], { key: fresh() })
    const kept = await store.get(keyKind, scope, ['cookies']).catch(withoutDamaged)
    const key = kept?.key ?? fresh()
    if (!kept) await store.set(keyKind, scope, ['cookies'], { key })
    return new Sessions(key)
  }

  /** The path of the link that makes its visitor an owner. */
  get ownerPath(): string {
    return `/api/owner/${this.#ownerSecret}`
  }

  isOwnerSecret(given: string): boolean {
    return same(given, this.#ownerSecret)
  }

  /** Whose cookie it is; undefined if it was not issued here. */
  personOf(cookie: string): string | undefined {
    const [secret = '', signature = ''] = cookie.split('.')
    return same(signature, this.#sign(secret)) ? idOf(secret) : undefined
  }

  /**
   * A cookie for a new browser.
   * @throws UserError 'busy' if there were too many within an hour.
   */
  async issue(address: string | undefined): Promise<string> {
    const [ofAddress, ofAll] = this.#limits
    try {
      if (!isLoopback(address)) await ofAddress.consume(address ?? '')
      await ofAll.consume('all')
    } catch (error) {
      if (error instanceof Error) throw error
      throw new UserError('busy', 'platform.playground.tooManyVisitors')
    }
    return this.renewed(fresh())
  }

  /** The cookie of a secret; unsigned cookies of earlier releases keep the person that they stood for. */
  renewed(secret: string): string {
    return `${secret}.${this.#sign(secret)}`
  }

  #sign(secret: string): string {
    return createHmac('sha256', this.#key).update(secret).digest('base64url')
  }
}

/** The public id that follows from a secret. */
export const idOf = (secret: string): string => createHash('sha256').update(secret).digest('hex').slice(0, 16)

/** Compares in constant time, which doesn't reveal where the two differ. */
function same(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer]
  return timingSafeEqual(a, b)
}
