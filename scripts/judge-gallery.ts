/**
 * How well a gallery's pictures can be told apart: the pack's own zero-shot names each among four names, its unit's and
 * three of other units, in several draws. Writes the share of draws that it got right into the gallery's index:
 *   npm run gallery:judge -- models/pocket
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createEncoder } from '../src/clip/encoder.ts'
import { openPack, readPackFile } from '../src/clip/pack.ts'
import { embedLabels, fitLabels } from '../src/clip/zero-shot.ts'
import { alike } from '../src/games/question.ts'
import { random, shuffled } from '../src/games/seed.ts'
import { unpackPreview } from '../src/pictures/preview.ts'
import { squareOf } from '../src/pictures/square.ts'
import {
  galleryFolder,
  galleryIndex,
  type GalleryEntry,
  gallerySchema,
} from '../src/visualization/gallery.ts'

const draws = 20
const wrongNames = 3

const folder = process.argv[2] ?? join('models', 'pocket')
const home = join(folder, galleryFolder)
const pack = await openPack(folder)
const index = await readPackFile(home, galleryIndex, gallerySchema)
const encoder = await createEncoder(pack, { provider: 'cpu', threads: 1 })
const nameOf = new Map(pack.units.map(({ unit, name }) => [unit, name]))
const names = [...new Set(nameOf.values())]
const rows = await embedLabels(encoder, pack.facts, names)
const embeddings = new Map(names.map((name, i) => [name, rows[i]!]))

async function recognisedShare({ unit, file, seed }: GalleryEntry): Promise<number> {
  const picture = await unpackPreview(await readFile(join(home, file)))
  const [encoded] = await encoder.encodePooled([squareOf(picture, pack.facts.picture.side)])
  const own = nameOf.get(unit)!
  const others = names.filter((name) => !alike(name, own))
  const next = random(seed + unit)
  let right = 0
  for (let draw = 0; draw < draws; draw++) {
    const four = [own, ...shuffled(others, next).slice(0, wrongNames)]
    const { similarities } = fitLabels(
      encoded!.embedding,
      four.map((name) => embeddings.get(name)!),
      pack.facts.logitScale,
    )
    if (similarities.every((similarity) => similarity <= similarities[0]!)) right++
  }
  return right / draws
}

const pictures: GalleryEntry[] = []
for (const entry of index.pictures) pictures.push({ ...entry, recognised: await recognisedShare(entry) })
await encoder.close()
await writeFile(join(home, galleryIndex), `${JSON.stringify({ ...index, pictures }, null, 1)}\n`)
const plainOnes = pictures.filter(({ facet }) => facet === undefined)
const told = plainOnes.filter(({ recognised }) => recognised! >= 0.9).length
console.log(
  `${told} of ${plainOnes.length} units' pictures are told from three other names in at least 9 of 10 draws.`,
)
