import { z } from 'zod'
import { decode, encode } from './codec.ts'
import { type Driver, keyPages } from './driver.ts'
import { compareIds, endOf, endOfKeys, keyOf, segmentsOf } from './keys.ts'
import type { Entry, RecordKind, Scope, Store } from './store.ts'

/** How many records a list asks of the database at once. */
const pageSize = 500

/** What stands under a key, in every driver and in backups; `expires` is a time in ms since 1970. */
export const storedRecord = z.object({
  version: z.number(),
  expires: z.number().optional(),
  value: z.unknown(),
})

/** The typed, versioned records of the port over any driver. */
export class Records implements Store {
  readonly #driver: Driver

  constructor(driver: Driver) {
    this.#driver = driver
  }

  async get<T>(kind: RecordKind<T>, scope: Scope, id: readonly string[]): Promise<T | undefined> {
    const text = await this.#driver.keyv.get(recordKey(kind, scope, id))
    return text === undefined ? undefined : read(kind, scope, id, text)
  }

  async set<T>(
    kind: RecordKind<T>,
    scope: Scope,
    id: readonly string[],
    value: T,
    ttlMs?: number,
  ): Promise<void> {
    const ttl = wholeTtl(ttlMs)
    await this.#driver.keyv.set(recordKey(kind, scope, id), write(kind, scope, id, value, ttl), ttl)
  }

  async insertIfAbsent<T>(
    kind: RecordKind<T>,
    scope: Scope,
    id: readonly string[],
    value: T,
    ttlMs?: number,
  ): Promise<boolean> {
    const ttl = wholeTtl(ttlMs)
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
        const id = segmentsOf(keys[index]!).slice(3)
        entries.push({ id, value: read(kind, scope, id, text) })
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

  async close(): Promise<void> {
    await this.#driver.keyv.disconnect()
  }
}

function recordKey(kind: { readonly name: string }, scope: Scope, id: readonly string[]): string {
  return keyOf([scope.platform, scope.community, kind.name, ...id])
}

/** Whole milliseconds, at least one: what ends in the past is gone at once rather than kept for ever. */
function wholeTtl(ttlMs: number | undefined): number | undefined {
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
  read(kind, scope, id, text) // what could not be read back (a NaN, a Date) is refused now, not when it is needed
  return text
}

function read<T>(kind: RecordKind<T>, scope: Scope, id: readonly string[], text: string): T {
  const name = `${kind.name} ${JSON.stringify(id)} of ${scope.platform} ${scope.community}`
  const stored = storedRecord.parse(decode(text))
  if (stored.version > kind.version)
    throw new Error(`Record ${name} has version ${stored.version}, newer than this program's ${kind.version}`)
  let value = stored.value
  for (let version = stored.version; version < kind.version; version++) {
    const step = kind.migrate?.[version]
    if (!step)
      throw new Error(`Record ${name} has version ${version}, and nothing migrates it to ${version + 1}`)
    value = step(value)
  }
  const checked = kind.schema.safeParse(value)
  if (!checked.success)
    throw new Error(`Record ${name} is not what its schema says: ${z.prettifyError(checked.error)}`, {
      cause: checked.error,
    })
  return checked.data
}
