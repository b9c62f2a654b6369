/**
 * Renders the gallery of a pack: every unit with an agreed or likely name, and facets of the agreed ones.
 *   npm run gallery -- models/pocket
 * What was made already with the same model, steps and size is kept, so that it can be stopped and started again.
 */
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SingleBar } from 'cli-progress'
import sharp from 'sharp'
import { packFiles } from '../src/clip/pack-schema.ts'
import { openPack, type Pack } from '../src/clip/pack.ts'
import { createCatalogue, type Unit } from '../src/neurons/catalogue.ts'
import { percentileOf } from '../src/neurons/strength.ts'
import {
  GALLERY_FOLDER,
  GALLERY_INDEX,
  type GalleryEntry,
  type GalleryIndex,
  gallerySchema,
} from '../src/visualization/gallery.ts'
import { createVisualizer } from '../src/visualization/visualize.ts'

/** What games show is worth more of them than facets and the many: clearer to the eye, and in 5 s still. */
const STEPS = { agreed: 192, other: 128 }
const SIZE = 128
/** Tried in turn until a picture fires its unit more than 99.9 % of the probe pictures do; else the best stays. */
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const ENOUGH = 99.9
const QUALITY = 70
const SAVE_EVERY = 10

const folder = process.argv[2] ?? join('models', 'pocket')
const home = join(folder, GALLERY_FOLDER)
const indexFile = join(home, GALLERY_INDEX)
const pack = await openPack(folder)
const visualizer = await createVisualizer(pack, { provider: 'cpu', threads: 1 })
const { units } = createCatalogue(pack)
const model = modelOf(pack)
await mkdir(home, { recursive: true })

const agreed = units.filter(({ certainty }) => certainty === 'agreed')
const likely = units.filter(({ certainty }) => certainty === 'likely')
const asked = (unit: Unit, steps: number, facet?: string) => ({
  unit,
  steps,
  facet: facet === undefined ? {} : { facet },
  file: `${unit.unit}${facet === undefined ? '' : `-${facet}`}.webp`,
})
const wanted = [
  ...agreed.map((unit) => asked(unit, STEPS.agreed)),
  ...visualizer.facets.flatMap((facet) => agreed.map((unit) => asked(unit, STEPS.other, facet))),
  ...likely.map((unit) => asked(unit, STEPS.other)),
]

const kept = new Map((await readIndex()).map((entry) => [entry.file, entry]))
const missing = wanted.filter(({ file, steps }) => kept.get(file)?.steps !== steps)
const bar = new SingleBar({ format: '{bar} {value}/{total}, {eta_formatted} left, {name}', etaBuffer: 20 })
bar.start(missing.length, 0, { name: '' })
for (const [n, { unit, steps, facet, file }] of missing.entries()) {
  const made = await best(unit.unit, steps, facet)
  const { data, width, height } = made.picture
  await sharp(data, { raw: { width, height, channels: 3 } })
    .webp({ quality: QUALITY, effort: 6 })
    .toFile(join(home, file))
  kept.set(file, {
    unit: unit.unit,
    ...facet,
    file,
    seed: made.seed,
    steps: made.steps,
    activation: Number(made.activation.toPrecision(5)),
    sigma: Number(made.sigma.toPrecision(4)),
    percentile: Number(made.percentile.toFixed(2)),
    sensitive: unit.sensitive,
  })
  bar.update(n + 1, {
    name: `${unit.name}${'facet' in facet ? `, ${facet.facet}` : ''} ${made.seconds.toFixed(1)} s`,
  })
  if (n % SAVE_EVERY === 0) await save()
}
await save()
bar.stop()
await visualizer.close()

async function best(unit: number, steps: number, facet: { facet?: string }) {
  const tried = []
  for (const seed of SEEDS) {
    const direction = [{ unit, weight: 1 }]
    const made = await visualizer.visualize({ direction, steps, size: SIZE, seed, ...facet })
    const percentile = percentileOf(pack.baseline, unit, made.sigma)
    tried.push({ ...made, seed, percentile })
    if (percentile >= ENOUGH) break
  }
  return tried.reduce((a, b) => (b.sigma > a.sigma ? b : a))
}

async function readIndex(): Promise<GalleryEntry[]> {
  if (!existsSync(indexFile)) return []
  const index = gallerySchema.parse(JSON.parse(await readFile(indexFile, 'utf8')))
  if (index.model !== model || index.size !== SIZE) return []
  return index.pictures.filter(({ file }) => existsSync(join(home, file)))
}

/** The index in the order of what is wanted; files that it does not name go. */
async function save(): Promise<void> {
  const pictures = wanted.flatMap(({ file }) => kept.get(file) ?? [])
  const index: GalleryIndex = { format: 1, size: SIZE, model, pictures }
  await writeFile(indexFile, `${JSON.stringify(gallerySchema.parse(index), null, 1)}\n`)
  const named = new Set([GALLERY_INDEX, ...pictures.map(({ file }) => file)])
  for (const file of await readdir(home)) if (!named.has(file)) await rm(join(home, file))
}

function modelOf({ facts }: Pack): string {
  return facts.files.find(({ path }) => path === packFiles.image)!.sha256
}
