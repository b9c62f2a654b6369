import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { SampleId } from '../../src/language.ts'
import { projectRoot } from '../../src/root.ts'

const folder = join(projectRoot, 'assets', 'contest')

const indexSchema = z.object({
  labels: z.array(z.string()),
  pictures: z.array(
    z.object({ id: z.custom<SampleId>((id) => typeof id === 'string'), file: z.string(), label: z.string() }),
  ),
})

/** The pictures that ship with the project, and the labels among which each is named correctly. */
export const samples = indexSchema.parse(JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')))

export type Sample = (typeof samples)['pictures'][number]

export const readSample = ({ file }: Sample): Promise<Uint8Array> => readFile(join(folder, file))
