/**
 * How recognisable a gallery's pictures are: in how many of several views the pack's own zero-shot puts a picture's unit's
 * name first among the names of all units. Writes that share into the gallery's index:
 *   npm run gallery:judge -- models/pocket
 * Among four names it was always right on 385 of 468 pictures, which selects hardly anything.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { createEncoder } from '../src/clip/encoder.ts'
import { openPack, readPackFile } from '../src/clip/pack.ts'
import { embedLabels, fitLabels } from '../src/clip/zero-shot.ts'
import { alike } from '../src/games/question.ts'
import { rawOf } from '../src/pictures/raw.ts'
import type { RawPicture } from '../src/pictures/picture.ts'
import { squareOf } from '../src/pictures/square.ts'
import { joinRows } from '../src/threads/answer.ts'
import {
  galleryFolder,
  galleryIndex,
  type GalleryEntry,
  gallerySchema,
} from '../src/visualization/gallery.ts'

/** How much is cut off for a view of a corner, and how far a view is blurred: shares of the side. */
const cutOff = 1 / 8
const blurred = 1 / 64

const folder = process.argv[2] ?? join('models', 'pocket')
const home = join(folder, galleryFolder)
const pack = await openPack(folder)
const index = await readPackFile(home, galleryIndex, gallerySchema)
const encoder = await createEncoder(pack, { provider: 'cpu', threads: 1 })
const nameOf = new Map(pack.units.map(({ unit, name }) => [unit, name]))
const names = [...new Set(nameOf.values())]
const rows = joinRows(await embedLabels(encoder, pack.facts, names))

/** Views in which a person would still recognise a thing, but which might undo what was made to please the model. */
function viewsOf(picture: Buffer): Promise<RawPicture[]> {
  const side = Math.round((1 - cutOff) * index.size)
  const corner = (at: number) => sharp(picture).extract({ left: at, top: at, width: side, height: side })
  const views = [
    sharp(picture),
    sharp(picture).flop(),
    sharp(picture).blur(blurred * index.size),
    corner(0),
    corner(index.size - side),
  ]
  return Promise.all(views.map(rawOf))
}

async function recognisedShare({ unit, file }: GalleryEntry): Promise<number> {
  const views = await viewsOf(await readFile(join(home, file)))
  const squares = views.map((view) => squareOf(view, pack.facts.picture.side))
  const own = nameOf.get(unit)!
  let right = 0
  for (const { embedding } of await encoder.encodePooled(squares)) {
    const { similarities } = fitLabels(embedding, rows, pack.facts.logitScale)
    const first = names[similarities.indexOf(Math.max(...similarities))]!
    if (alike(first, own)) right++
  }
  return right / squares.length
}

const pictures: GalleryEntry[] = []
for (const entry of index.pictures) pictures.push({ ...entry, recognised: await recognisedShare(entry) })
await encoder.close()
await writeFile(join(home, galleryIndex), `${JSON.stringify({ ...index, pictures }, null, 1)}\n`)
const plainOnes = pictures.filter(({ facet }) => facet === undefined)
const told = plainOnes.filter(({ recognised }) => recognised === 1).length
console.log(`${told} of ${plainOnes.length} units' pictures are named rightly among all names in every view.`)
