import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A picture to try in one click. */
export interface Sample {
  readonly file: string
  readonly title: string
}

/** The pictures that ship with the project, for a person who has none at hand. */
export class Samples {
  readonly list: readonly Sample[]
  readonly #folder: string

  private constructor(folder: string, list: readonly Sample[]) {
    this.#folder = folder
    this.list = list
  }

  static async load(folder: string): Promise<Samples> {
    const index = join(folder, 'index.json')
    return new Samples(folder, existsSync(index) ? JSON.parse(await readFile(index, 'utf8')) : [])
  }

  async read(file: string): Promise<Uint8Array | undefined> {
    if (!this.list.some((sample) => sample.file === file)) return undefined
    return readFile(join(this.#folder, file))
  }
}
