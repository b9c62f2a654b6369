/**
 * Measures a gallery's pictures with the pack's model as it is now, and keeps those that still fire their unit:
 *   npx tsx scripts/measure-gallery.ts models/pocket
 * For a new model that took over units from the last one: drawing a picture takes seconds, looking at it milliseconds.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createEncoder } from '../src/clip/encoder.ts'
import { openPack } from '../src/clip/pack.ts'
import { createCatalogue } from '../src/neurons/catalogue.ts'
import { percentileOf, strengthsOf } from '../src/neurons/strength.ts'
import { pictureModelHash } from '../src/clip/pack.ts'
import { enoughPercentile } from '../src/packs/gallery/make.ts'
import { decodePicture } from '../src/pictures/decode.ts'
import { galleryFolder, galleryIndex, gallerySchema } from '../src/visualization/gallery.ts'

const folder = process.argv[2] ?? join('models', 'pocket')
const home = join(folder, galleryFolder)
const pack = await openPack(folder)
const { side } = pack.facts.picture
const encoder = await createEncoder(pack, { provider: 'cpu', threads: 1 })
const { units } = createCatalogue(pack)
const index = gallerySchema.parse(JSON.parse(readFileSync(join(home, galleryIndex), 'utf8')))

const kept = []
for (const entry of index.pictures) {
  const { square } = await decodePicture(readFileSync(join(home, entry.file)), { previewSide: side, side })
  const [encoded] = await encoder.encodePooled([square])
  const sigma = strengthsOf(encoded!.means, pack.baseline)[entry.unit]!
  const percentile = percentileOf(pack.baseline, entry.unit, sigma)
  const { certainty, sensitive } = units[entry.unit]!
  if (percentile < enoughPercentile || certainty === 'unsure') {
    rmSync(join(home, entry.file))
    continue
  }
  kept.push({
    ...entry,
    activation: Number((sigma * pack.baseline.after.rms[entry.unit]!).toPrecision(5)),
    sigma: Number(sigma.toPrecision(4)),
    percentile: Number(percentile.toFixed(2)),
    sensitive,
  })
}
await encoder.close()
const measured = gallerySchema.parse({ ...index, model: pictureModelHash(pack.facts), pictures: kept })
writeFileSync(join(home, galleryIndex), `${JSON.stringify(measured, null, 1)}\n`)
console.log(`${kept.length} of ${index.pictures.length} pictures still fire their unit.`)
