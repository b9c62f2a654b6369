import { type Deserialize, Keyv, type KeyvStoreAdapter } from 'keyv'
import { endOfKeys, segmentsOf } from './keys.ts'

/**
 * What the store needs of a database: Keyv's get, set and delete, and what Keyv lacks. Keys come from keys.ts and values
 * are text; an expired record is never returned.
 */
export interface Driver {
  readonly keyv: Keyv<string>
  /** Writes only if there is no living record: true for exactly one of any number of racing callers. */
  insertIfAbsent(key: string, value: string, ttlMs?: number): Promise<boolean>
  /** The first `limit` keys with from <= key < to, in byte order; fewer only if there are no more. */
  keys(from: string, to: string, limit: number): Promise<string[]>
  /** Deletes what has expired. */
  sweep(): Promise<void>
  /** Deletes all keys with from <= key < to. @returns how many living records it deleted */
  deleteRange(from: string, to: string): Promise<number>
}

/** The part of a Keyv store adapter that is used; the adapter itself lets its records expire. */
export type Adapter = Required<
  Pick<KeyvStoreAdapter, 'get' | 'getMany' | 'set' | 'setMany' | 'delete' | 'clear' | 'disconnect'>
>

/**
 * A Keyv that passes keys and values through unchanged. Expiry is left to the adapter: Keyv's own way, to read a record,
 * find it expired and delete its key, can delete what another process wrote in between.
 */
export function plainKeyv(adapter: Adapter): Keyv<string> {
  return new Keyv<string>({
    store: adapter,
    namespace: '',
    useKeyPrefix: false,
    throwOnErrors: true, // otherwise a failed read looks like an absent record
    serialize: ({ value }) => value as string,
    deserialize: ((data) => ({ value: data })) as Deserialize,
  })
}

/** All keys with from <= key < to, page by page; a key that exists throughout comes exactly once. */
export async function* keyPages(
  driver: Pick<Driver, 'keys'>,
  from: string,
  to: string,
  size: number,
): AsyncGenerator<string[]> {
  for (let page; ; from = `${page.at(-1)}!`) {
    // '!' sorts below every character of a key: no key is between a page's last key and that key followed by '!'.
    page = await driver.keys(from, to, size)
    if (page.length > 0) yield page
    if (page.length < size) return
  }
}

/** Pictures are large: few records are read at once when everything is read. */
const fewAtOnce = 50

/** Everything in the database: the segments of each key, and its text. */
export async function* texts(driver: Driver): AsyncGenerator<[key: string[], text: string]> {
  for await (const keys of keyPages(driver, '', endOfKeys, fewAtOnce)) {
    const found = await driver.keyv.getMany<string>(keys)
    for (const [index, text] of found.entries())
      if (text !== undefined) yield [segmentsOf(keys[index]!), text] // otherwise deleted since its key was read
  }
}
