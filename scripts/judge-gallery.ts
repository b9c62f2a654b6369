/**
 * Judges a gallery's pictures anew, after its units were given other names, and writes how recognisable each is into the
 * gallery's index: `npm run gallery:judge -- models/pocket`. `models gallery` judges those that it draws.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { openPack, readPackFile } from '../src/clip/pack.ts'
import { createEngine } from '../src/jobs/in-process.ts'
import { createJudge } from '../src/packs/gallery/judge.ts'
import {
  galleryFolder,
  galleryIndex,
  type GalleryEntry,
  gallerySchema,
} from '../src/visualization/gallery.ts'

const folder = process.argv[2] ?? join('models', 'pocket')
const home = join(folder, galleryFolder)
const pack = await openPack(folder)
const index = await readPackFile(home, galleryIndex, gallerySchema)
const threads = availableParallelism()
const engine = await createEngine({ pack, provider: 'cpu', threads, queueLimit: 1, log: pino() })
const judge = createJudge(pack, engine)
const pictures: GalleryEntry[] = []
for (const entry of index.pictures)
  pictures.push({ ...entry, recognised: await judge(await readFile(join(home, entry.file)), entry.unit) })
await engine.close()
await writeFile(join(home, galleryIndex), `${JSON.stringify({ ...index, pictures }, null, 1)}\n`)
const plainOnes = pictures.filter(({ facet }) => facet === undefined)
const told = plainOnes.filter(({ recognised }) => recognised === 1).length
console.log(`${told} of ${plainOnes.length} units' pictures are named rightly among all names in every view.`)
