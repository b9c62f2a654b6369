import type { Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'

/** A file that is not complete yet, with its ETag in a file beside it. */
export class Part {
  readonly path: string
  readonly #to: string

  constructor(to: string) {
    this.#to = to
    this.path = `${to}.part`
  }

  size(): Promise<number> {
    return stat(this.path).then(
      ({ size }) => size,
      () => 0,
    )
  }

  etag(): Promise<string | undefined> {
    return readFile(`${this.path}.etag`, 'utf8').catch(() => undefined)
  }

  async begin(etag: string | null): Promise<void> {
    await this.remove()
    if (etag) await writeFile(`${this.path}.etag`, etag)
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true })
    await rm(`${this.path}.etag`, { force: true })
  }

  async finish(): Promise<void> {
    await rename(this.path, this.#to)
    await rm(`${this.path}.etag`, { force: true })
  }

  /** @param hash of nothing yet; updated with what is here */
  async hashInto(hash: Hash): Promise<Hash> {
    if ((await this.size()) > 0)
      for await (const chunk of createReadStream(this.path, { highWaterMark: 2 ** 20 }))
        hash.update(chunk as Buffer)
    return hash
  }
}
