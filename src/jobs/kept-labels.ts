import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Logger } from 'pino'
import { packFiles, type PackFacts } from '../clip/pack-schema.ts'
import type { Pack } from '../clip/pack.ts'
import { thingsOf } from '../neurons/catalogue.ts'
import { shareRows } from '../threads/answer.ts'

/** Embeddings of a list of labels, [labels, dimensions], in memory that all threads read. */
export type LabelRows = Float32Array<SharedArrayBuffer>

/**
 * The embeddings of a pack's own labels, which take a processor seconds, kept in one file between starts. The file may
 * be deleted at any time. It begins with a sha256 of everything they come from: if that or the length differs, they are
 * computed again.
 */
export class KeptLabels {
  readonly labels: readonly string[]
  readonly #file: string
  readonly #facts: PackFacts
  readonly #log: Logger

  constructor(folder: string, { facts, vocabulary }: Pick<Pack, 'facts' | 'vocabulary'>, log: Logger) {
    this.labels = thingsOf(vocabulary)
    this.#file = join(folder, 'labels', `${facts.id}.f32`)
    this.#facts = facts
    this.#log = log
  }

  /** @param compute embeds `labels` */
  async rows(compute: () => Promise<Float32Array[]>): Promise<LabelRows> {
    const origin = this.#origin()
    const kept = await this.#read(origin)
    if (kept) return kept
    const rows = shareRows(await compute())
    await this.#write(origin, rows)
    return rows
  }

  #origin(): Buffer {
    const { files, prompts } = this.#facts
    const text = files.filter(({ path }) => path === packFiles.tokens || path.startsWith(packFiles.text))
    return createHash('sha256')
      .update(JSON.stringify([text.map(({ sha256 }) => sha256), prompts, this.labels]))
      .digest()
  }

  async #read(origin: Buffer): Promise<LabelRows | undefined> {
    const bytes = await readFile(this.#file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') this.#log.debug({ err: error }, 'the kept labels could not be read')
      return Buffer.alloc(0)
    })
    const rows = new Float32Array(new SharedArrayBuffer(this.labels.length * this.#facts.dimensions * 4))
    if (bytes.length !== origin.length + rows.byteLength) return
    if (!bytes.subarray(0, origin.length).equals(origin)) return
    new Uint8Array(rows.buffer).set(bytes.subarray(origin.length))
    return rows
  }

  /** Whole or not at all, even if the power fails: another process may read it at the same time. */
  async #write(origin: Buffer, rows: LabelRows): Promise<void> {
    const part = `${this.#file}.${process.pid}.part`
    try {
      await mkdir(dirname(part), { recursive: true })
      await writeFile(part, [origin, new Uint8Array(rows.buffer)], { flush: true })
      await rename(part, this.#file)
    } catch (error) {
      this.#log.debug({ err: error }, 'the labels could not be kept; the next start computes them anew')
    }
  }
}
