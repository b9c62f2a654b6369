import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Pack, pictureModelHash, readPackFile } from '../../clip/pack.ts'
import { type Certainty, createCatalogue, type Unit } from '../../neurons/catalogue.ts'
import type { Engine, RunOptions } from '../../jobs/engine.ts'
import type { DrawOptions } from '../../jobs/model.ts'
import type { RawPicture } from '../../pictures/picture.ts'
import { sharpOf } from '../../pictures/raw.ts'
import { readFacets } from '../../visualization/facets.ts'
import { percentileOf } from '../../neurons/strength.ts'
import {
  galleryFolder,
  galleryIndex,
  type GalleryEntry,
  type GalleryIndex,
  gallerySchema,
  hasGallery,
} from '../../visualization/gallery.ts'
import { createJudge, type Judge } from './judge.ts'

/** Pictures that games show get more steps than those of facets and less certain units. */
const stepsFor = { sure: 192, other: 128 }
const pictureSide = 128
/** Tried in turn until a picture fires its unit more than 99.9 % of the probe pictures do; otherwise the best is kept. */
const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
export const enoughPercentile = 99.9
const webpQuality = 70

const sure: ReadonlySet<Certainty> = new Set(['published', 'agreed'])

/** A picture that a gallery should have. */
export interface Picture {
  readonly unit: Unit
  readonly steps: number
  readonly facet?: string
  readonly file: string
}

/** What the gallery already has from the same model. */
type Kept = Pick<GalleryIndex, 'pictures' | 'faces'>

/** Progress is told of each seed's picture. */
type MakeOptions = RunOptions & Pick<DrawOptions, 'onProgress'>

/** What draws the pictures and names what is on them. */
export type Artist = Pick<Engine, 'visualize' | 'classify'>

/**
 * Makes a pack's gallery: every unit whose name is more than a guess, and facets of the most certain ones. What was made
 * with the same model is kept, so that making it can be interrupted and resumed.
 */
export class GalleryMaker {
  /** Not made yet, the most certain names first. */
  readonly missing: readonly Picture[]
  readonly #pack: Pack
  readonly #home: string
  readonly #wanted: readonly Picture[]
  readonly #kept: Map<string, GalleryEntry>
  readonly #faces: GalleryIndex['faces']
  readonly #artist: Artist
  readonly #judge: Judge

  private constructor(pack: Pack, artist: Artist, wanted: readonly Picture[], { pictures, faces }: Kept) {
    this.#pack = pack
    this.#artist = artist
    this.#judge = createJudge(pack, artist)
    this.#home = join(pack.folder, galleryFolder)
    this.#wanted = wanted
    this.#kept = new Map(pictures.map((entry) => [entry.file, entry]))
    this.#faces = faces
    this.missing = wanted.filter(({ file, steps }) => this.#kept.get(file)?.steps !== steps)
  }

  static async open(pack: Pack, artist: Artist): Promise<GalleryMaker> {
    const facets = (await readFacets(pack.folder))?.facets.map(({ name }) => name) ?? []
    return new GalleryMaker(pack, artist, picturesOf(pack, facets), await readIndex(pack))
  }

  /** Draws a picture, with as many seeds as it needs, judges it, and adds it to the gallery. */
  async make({ unit, steps, facet, file }: Picture, options: MakeOptions = {}): Promise<GalleryEntry> {
    let best: GalleryEntry | undefined
    let picture: RawPicture | undefined
    for (const seed of seeds) {
      const direction = [{ unit: unit.unit, weight: 1 }]
      const named = facet === undefined ? {} : { facet }
      const made = await this.#artist.visualize(
        { direction, steps, size: pictureSide, seed, ...named },
        options,
      )
      if (best && made.sigma <= best.sigma) continue
      picture = made.picture
      best = {
        unit: unit.unit,
        ...named,
        file,
        seed,
        steps: made.steps,
        activation: Number(made.activation.toPrecision(5)),
        sigma: Number(made.sigma.toPrecision(4)),
        percentile: Number(percentileOf(this.#pack.baseline, unit.unit, made.sigma).toFixed(2)),
        sensitive: unit.sensitive,
      }
      if (best.percentile >= enoughPercentile) break
    }
    const bytes = await sharpOf(picture!).webp({ quality: webpQuality, effort: 6 }).toBuffer()
    const entry = { ...best!, recognised: await this.#judge(bytes, unit.unit, options) }
    await mkdir(this.#home, { recursive: true })
    await writeFile(join(this.#home, file), bytes)
    this.#kept.set(file, entry)
    await this.#save()
    return entry
  }

  /** Writes the index in the order of `#wanted` and deletes files that are not in it. */
  async #save(): Promise<void> {
    const pictures = this.#wanted.flatMap(({ file }) => this.#kept.get(file) ?? [])
    const index: GalleryIndex = {
      format: 1,
      size: pictureSide,
      model: pictureModelHash(this.#pack.facts),
      ...(this.#faces && { faces: this.#faces }),
      pictures,
    }
    const file = join(this.#home, galleryIndex)
    await writeFile(`${file}.new`, `${JSON.stringify(gallerySchema.parse(index), null, 1)}\n`)
    await rename(`${file}.new`, file)
    const named = new Set([galleryIndex, ...pictures.map((picture) => picture.file)])
    for (const other of await readdir(this.#home)) if (!named.has(other)) await rm(join(this.#home, other))
  }
}

const asked = (unit: Unit, steps: number, facet?: string): Picture => ({
  unit,
  steps,
  ...(facet !== undefined && { facet }),
  file: `${unit.unit}${facet === undefined ? '' : `-${facet}`}.webp`,
})

function picturesOf(pack: Pack, facets: readonly string[]): Picture[] {
  // A unit that nothing fires cannot be drawn.
  const units = createCatalogue(pack).units.filter(({ unit }) => pack.baseline.after.rms[unit]! > 0)
  const surest = units.filter(({ certainty }) => sure.has(certainty))
  const others = units.filter(({ certainty }) => !sure.has(certainty) && certainty !== 'unsure')
  return [
    ...surest.map((unit) => asked(unit, stepsFor.sure)),
    ...facets.flatMap((facet) => surest.map((unit) => asked(unit, stepsFor.other, facet))),
    ...others.map((unit) => asked(unit, stepsFor.other)),
  ]
}

async function readIndex(pack: Pack): Promise<Kept> {
  const home = join(pack.folder, galleryFolder)
  if (!hasGallery(pack.folder)) return { pictures: [] }
  const index = await readPackFile(home, galleryIndex, gallerySchema)
  if (index.model !== pictureModelHash(pack.facts) || index.size !== pictureSide) return { pictures: [] }
  return { ...index, pictures: index.pictures.filter(({ file }) => existsSync(join(home, file))) }
}
