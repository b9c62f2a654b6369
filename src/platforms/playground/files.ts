import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { RecordKind, Store } from '../../store/store.ts'
import { scope } from './message.ts'
import type { StoredFile } from './render.ts'

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)
const schema = z.object({ name: z.string(), mimeType: z.string(), bytes })

export type File = z.infer<typeof schema>

const fileKind = { name: 'playground-file', version: 1, schema } satisfies RecordKind<File>

/** How much of what was lately shown stays in memory. */
const cacheBytes = 64 * 1024 * 1024

/** Cannot be guessed: whoever has the id may see the file. */
export const newFileId = (): string => randomBytes(18).toString('base64url')

/** Pictures and files of messages: records in the store, the latest in memory too. */
export class Files {
  readonly #store: Store
  /** In the order of their last use. A file that was replaced lives on here while pages still load it. */
  readonly #cache = new Map<string, File>()
  #cached = 0

  constructor(store: Store) {
    this.#store = store
  }

  async save({ ref, bytes }: StoredFile): Promise<void> {
    const { id, name, mimeType } = ref
    await this.#store.set(fileKind, scope, [id], { name, mimeType, bytes })
    this.showForNow({ ref, bytes })
  }

  /** For pictures of progress, which nobody needs later: kept in memory until others take their place. */
  showForNow({ ref, bytes }: StoredFile): void {
    this.#remember(ref.id, { name: ref.name, mimeType: ref.mimeType, bytes })
  }

  async read(id: string): Promise<File | undefined> {
    const cached = this.#cache.get(id)
    if (cached) {
      this.#remember(id, cached)
      return cached
    }
    const file = await this.#store.get(fileKind, scope, [id])
    if (file) this.#remember(id, file)
    return file
  }

  async delete(id: string): Promise<void> {
    await this.#store.delete(fileKind, scope, [id])
  }

  #remember(id: string, file: File): void {
    this.#forget(id)
    this.#cache.set(id, file)
    this.#cached += file.bytes.length
    for (const oldest of this.#cache.keys()) {
      if (this.#cached <= cacheBytes) break
      this.#forget(oldest)
    }
  }

  #forget(id: string): void {
    const file = this.#cache.get(id)
    if (!file) return
    this.#cached -= file.bytes.length
    this.#cache.delete(id)
  }
}

/** The picture's type, told from its first bytes; anything else is a file that is downloaded, never shown. */
export function mimeTypeOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'image/gif'
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'image/webp'
  if (head.slice(4, 12) === 'ftypavif' || head.slice(4, 12) === 'ftypavis') return 'image/avif'
  return 'application/octet-stream'
}
