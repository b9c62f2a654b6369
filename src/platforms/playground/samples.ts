import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Sample } from './page.ts'

const index = z.object({
  credit: z.string(),
  pictures: z.array(z.object({ file: z.string(), title: z.string(), alt: z.string() })),
})

/** The pictures that ship with the project, for a person who has none at hand. */
export class Samples {
  readonly credit: string
  readonly list: readonly Sample[]
  readonly #folder: string

  private constructor(folder: string, { credit, pictures }: z.infer<typeof index>) {
    this.#folder = folder
    this.credit = credit
    this.list = pictures
  }

  /** @param folder holds index.json and the pictures; one that is not there has none. */
  static async load(folder: string): Promise<Samples> {
    const path = join(folder, 'index.json')
    if (!existsSync(path)) return new Samples(folder, { credit: '', pictures: [] })
    return new Samples(folder, index.parse(JSON.parse(await readFile(path, 'utf8'))))
  }

  async read(file: string): Promise<Uint8Array | undefined> {
    if (!this.list.some((sample) => sample.file === file)) return undefined
    return readFile(join(this.#folder, file))
  }
}
