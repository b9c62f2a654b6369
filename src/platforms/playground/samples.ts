import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { SampleId, Translate } from '../../language.ts'
import type { Sample } from './page.ts'

const index = z.object({
  pictures: z.array(z.object({ id: z.custom<SampleId>((id) => typeof id === 'string'), file: z.string() })),
})

/** The pictures that ship with the project, for people who have none at hand. */
export class Samples {
  readonly #folder: string
  readonly #pictures: z.infer<typeof index>['pictures']

  private constructor(folder: string, { pictures }: z.infer<typeof index>) {
    this.#folder = folder
    this.#pictures = pictures
  }

  list(t: Translate): Sample[] {
    return this.#pictures.map(({ id, file }) => ({
      file,
      title: t(`samples.${id}.title`),
      alt: t(`samples.${id}.alt`),
    }))
  }

  /** @param folder holds index.json and the pictures; if it doesn't exist, there are none. */
  static async load(folder: string): Promise<Samples> {
    const path = join(folder, 'index.json')
    if (!existsSync(path)) return new Samples(folder, { pictures: [] })
    return new Samples(folder, index.parse(JSON.parse(await readFile(path, 'utf8'))))
  }

  async read(file: string): Promise<Uint8Array | undefined> {
    if (!this.#pictures.some((sample) => sample.file === file)) return undefined
    return readFile(join(this.#folder, file))
  }
}
