import { z } from 'zod'
import { decode, encode } from './codec.ts'
import { type Driver, keyPages } from './driver.ts'
import { compareIds, endOf, endOfKeys, keyOf, segmentsOf } from './keys.ts'
import type { Entry, RecordKind, Scope, Store } from './store.ts'

/** How many records `list` reads from the database at once. */
const pageSize = 500

/** A record as every driver and backup has it; `expires` is in ms since 1970. */
export const storedRecord = z.object({
  version: z.number(),
  expires: z.number().optional(),
  value: z.unknown(),
})

/** A record that cannot be read: it is not JSON, does not match its schema, or is from a newer version of the program. */
export class DamagedRecord extends Error {
  override readonly name = 'DamagedRecord'
  /** Platform, community, kind and id. */
  readonly key: readonly string[]

  constructor(key: readonly string[], why: string, cause?: unknown) {
    super(`The record ${key.join(' / ')} is damaged: ${why}`, { cause })
    this.key = key
  }
}

/** For `catch`, if a damaged record should count as absent. It is not overwritten unless it is set again. */
export function withoutDamaged(error: unknown): undefined {
  if (!(error instanceof DamagedRecord)) throw error
}

/** Told of each damaged record once. */
export type OnDamaged = (record: DamagedRecord) => void

/**
 * The store's typed, versioned records over any driver. `get` rejects for a damaged record, and `list` leaves it out, so
 * that it does no harm to the others.
 */
export class Records implements Store {
  readonly #driver: Driver
  readonly #onDamaged: OnDamaged
  readonly #told = new Set<string>()

  constructor(driver: Driver, onDamaged: OnDamaged) {
    this.#driver = driver
    this.#onDamaged = onDamaged
  }

  async get<T>(kind: RecordKind<T>, scope: Scope, id: readonly string[]): Promise<T | undefined> {
    const text = await this.#driver.keyv.get(recordKey(kind, scope, id))
    return text === undefined ? undefined : this.#read(kind, keyIn(kind, scope, id), text)
  }

  async set<T>(
    kind: RecordKind<T>,
    scope: Scope,
    id: readonly string[],
    value: T,
    ttlMs?: number,
  ): Promise<void> {
    const ttl = ttlOf(kind, ttlMs)
    await this.#driver.keyv.set(recordKey(kind, scope, id), write(kind, scope, id, value, ttl), ttl)
  }

  async insertIfAbsent<T>(
    kind: RecordKind<T>,
    scope: Scope,
    id: readonly string[],
    value: T,
    ttlMs?: number,
  ): Promise<boolean> {
    const ttl = ttlOf(kind, ttlMs)
    const text = write(kind, scope, id, value, ttl)
    return this.#driver.insertIfAbsent(recordKey(kind, scope, id), text, ttl)
  }

  async delete(kind: RecordKind<unknown>, scope: Scope, id: readonly string[]): Promise<boolean> {
    return this.#driver.keyv.delete(recordKey(kind, scope, id))
  }

  async list<T>(kind: RecordKind<T>, scope: Scope, prefix: readonly string[] = []): Promise<Entry<T>[]> {
    const from = recordKey(kind, scope, prefix)
    const entries: Entry<T>[] = []
    for await (const keys of keyPages(this.#driver, from, endOf(from), pageSize)) {
      const texts = await this.#driver.keyv.getMany<string>(keys)
      for (const [index, text] of texts.entries()) {
        if (text === undefined) continue // deleted since its key was read
        const key = segmentsOf(keys[index]!)
        try {
          entries.push({ id: key.slice(3), value: this.#read(kind, key, text) })
        } catch (error) {
          if (!(error instanceof DamagedRecord)) throw error
        }
      }
    }
    return entries.sort((a, b) => compareIds(a.id, b.id))
  }

  async scopes(): Promise<Scope[]> {
    const scopes: Scope[] = []
    for (let from = ''; ;) {
      const [key] = await this.#driver.keys(from, endOfKeys, 1)
      if (key === undefined) return scopes
      const [platform, community] = segmentsOf(key) as [string, string]
      scopes.push({ platform, community })
      from = endOf(keyOf([platform, community]))
    }
  }

  async deleteScope(scope: Scope): Promise<number> {
    const from = keyOf([scope.platform, scope.community])
    return this.#driver.deleteRange(from, endOf(from))
  }

  sweep(): Promise<void> {
    return this.#driver.sweep()
  }

  async close(): Promise<void> {
    await this.#driver.keyv.disconnect()
  }

  #read<T>(kind: RecordKind<T>, key: readonly string[], text: string): T {
    try {
      return read(kind, key, text)
    } catch (error) {
      const name = keyOf(key)
      if (error instanceof DamagedRecord && !this.#told.has(name)) {
        this.#told.add(name)
        this.#onDamaged(error)
      }
      throw error
    }
  }
}

const keyIn = (kind: { readonly name: string }, scope: Scope, id: readonly string[]): string[] => [
  scope.platform,
  scope.community,
  kind.name,
  ...id,
]

const recordKey = (kind: { readonly name: string }, scope: Scope, id: readonly string[]): string =>
  keyOf(keyIn(kind, scope, id))

/**
 * Whole milliseconds, at least one: a time in the past means gone at once, not kept for ever.
 * @throws RangeError if the kind itself says how long its records live
 */
function ttlOf({ name, lives }: RecordKind<unknown>, given: number | undefined): number | undefined {
  if (given !== undefined && typeof lives !== 'string')
    throw new RangeError(`How long a ${name} lives is not for its writer to say`)
  const ttlMs = typeof lives === 'number' ? lives : given
  if (ttlMs === undefined) return undefined
  const ttl = Math.max(1, Math.ceil(ttlMs))
  if (!Number.isSafeInteger(ttl)) throw new RangeError(`A record cannot be kept for ${ttlMs} ms`)
  return ttl
}

function write<T>(
  kind: RecordKind<T>,
  scope: Scope,
  id: readonly string[],
  value: T,
  ttlMs: number | undefined,
): string {
  const expires = ttlMs === undefined ? {} : { expires: Date.now() + ttlMs }
  const text = encode({ version: kind.version, ...expires, value })
  read(kind, keyIn(kind, scope, id), text) // what could not be read back (a NaN, a Date) is refused now, not when it is needed
  return text
}

/**
 * The value of a stored text, migrated to this program's version.
 * @throws DamagedRecord
 */
export function read<T>(kind: RecordKind<T>, key: readonly string[], text: string): T {
  const stored = storedIn(key, text)
  if (stored.version > kind.version)
    throw new DamagedRecord(
      key,
      `it has version ${stored.version}, newer than this program's ${kind.version}.`,
    )
  let value = stored.value
  for (let version = stored.version; version < kind.version; version++) {
    const step = kind.migrate?.[version]
    if (!step) throw new DamagedRecord(key, `nothing migrates version ${version} to ${version + 1}.`)
    try {
      value = step(value)
    } catch (error) {
      throw new DamagedRecord(
        key,
        `version ${version} does not become ${version + 1} (${String(error)}).`,
        error,
      )
    }
  }
  const checked = kind.schema.safeParse(value)
  if (!checked.success)
    throw new DamagedRecord(
      key,
      `it is not what its schema says. ${z.prettifyError(checked.error)}`,
      checked.error,
    )
  return checked.data
}

/** @throws DamagedRecord if the text is not a record of any kind. */
export function storedIn(key: readonly string[], text: string): z.infer<typeof storedRecord> {
  try {
    return storedRecord.parse(decode(text))
  } catch (error) {
    throw new DamagedRecord(key, 'it is no record of this program.', error)
  }
}
