import { randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import type { RecordKind, Store } from '../../store/store.ts'
import { scope } from './message.ts'
import type { StoredFile } from './render.ts'

export const fileKind = {
  name: 'playground-file',
  version: 1,
  lives: 'as long as a message shows it',
  schema: z.object({ name: z.string(), mimeType: z.string(), parts: z.number() }),
} satisfies RecordKind<{ name: string; mimeType: string; parts: number }>

export const partKind = {
  name: 'playground-file-part',
  version: 1,
  lives: 'as long as its file',
  schema: z.object({ bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array) }),
} satisfies RecordKind<{ bytes: Uint8Array }>

/** Writing a record holds up the event loop, some 20 ms a megabyte in SQLite, so a photograph is written in parts. */
const partBytes = 256 * 1024

export interface File {
  readonly name: string
  readonly mimeType: string
  readonly bytes: Uint8Array
}

/** How much of what was shown recently stays in memory. */
const cacheBytes = 64 * 1024 * 1024

/** Must not be guessable: anybody who has the id may see the file. */
export const newFileId = (): string => randomBytes(18).toString('base64url')

/** Pictures and files of messages: records in the store, the latest in memory as well. */
export class Files {
  readonly #store: Store
  /** In the order of their last use. */
  readonly #cache = new LRUCache<string, File>({
    maxSize: cacheBytes,
    sizeCalculation: ({ bytes }) => Math.max(1, bytes.length),
  })

  constructor(store: Store) {
    this.#store = store
  }

  async save(file: StoredFile): Promise<void> {
    const { ref, bytes } = file
    const parts = Math.ceil(bytes.length / partBytes)
    const { name, mimeType } = ref
    // Written before its parts, so that they can be found and deleted if the process is killed in between.
    await this.#store.set(fileKind, scope, [ref.id], { name, mimeType, parts })
    for (let part = 0; part < parts; part += 1) {
      const from = part * partBytes
      await this.#store.set(partKind, scope, [ref.id, String(part)], {
        bytes: bytes.subarray(from, from + partBytes),
      })
      await setImmediate()
    }
    this.showForNow(file)
  }

  /** For pictures of progress, which nobody needs later: kept in memory until others replace them. */
  showForNow({ ref, bytes }: StoredFile): void {
    this.#cache.set(ref.id, { name: ref.name, mimeType: ref.mimeType, bytes })
  }

  async read(id: string): Promise<File | undefined> {
    const cached = this.#cache.get(id)
    if (cached) return cached
    const stored = await this.#store.get(fileKind, scope, [id])
    if (!stored) return undefined
    const { name, mimeType, parts } = stored
    const pieces: Uint8Array[] = []
    for (let part = 0; part < parts; part += 1) {
      const piece = await this.#store.get(partKind, scope, [id, String(part)])
      // It is being deleted.
      if (!piece) return undefined
      pieces.push(piece.bytes)
      await setImmediate()
    }
    const file = { name, mimeType, bytes: Buffer.concat(pieces) }
    this.#cache.set(id, file)
    return file
  }

  /** Deletes what a kill, or a message that has expired, left behind. */
  async keepOnly(ids: ReadonlySet<string>): Promise<void> {
    for (const { id } of await this.#store.list(fileKind, scope))
      if (!ids.has(id[0]!)) await this.delete(id[0]!)
  }

  async delete(id: string): Promise<void> {
    this.#cache.delete(id)
    await this.replaced(id)
  }

  /** Deletes it from the store; pages that are loading it at the moment still find it in memory. */
  async replaced(id: string): Promise<void> {
    const { parts = 0 } = (await this.#store.get(fileKind, scope, [id])) ?? {}
    await this.#store.delete(fileKind, scope, [id])
    for (let part = 0; part < parts; part += 1) await this.#store.delete(partKind, scope, [id, String(part)])
  }
}
