import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { z } from 'zod'
import { badPack, readPackFile } from '../clip/pack.ts'

export const galleryFolder = 'gallery'
export const galleryIndex = 'index.json'

const entrySchema = z.strictObject({
  unit: z.int().nonnegative(),
  facet: z.string().exactOptional(),
  file: z.string().regex(/^[\w-]+\.webp$/),
  seed: z.int(),
  steps: z.int().positive(),
  /** mean(ReLU(map)) of the finished picture on an un-jittered pass. */
  activation: z.number(),
  sigma: z.number(),
  /** A percentile of the pack's baseline, 0 to 100. */
  percentile: z.number().min(0).max(100),
  /** The share of its views in which the pack's zero-shot ranks its name first of all names (src/packs/gallery/judge.ts). */
  recognised: z.number().min(0).max(1).exactOptional(),
  /** Whether its name must not appear beside a member's picture unless allowed. */
  sensitive: z.boolean(),
})
export type GalleryEntry = z.infer<typeof entrySchema>

export const gallerySchema = z.strictObject({
  format: z.literal(1),
  /** Side of every picture in pixels. */
  size: z.int().positive(),
  /** sha256 of the picture model that the units belong to. */
  model: z.string().regex(/^[0-9a-f]{64}$/),
  /** How many of this many portraits (`/avatar`) a blind judge called a face. */
  faces: z.strictObject({ seen: z.int().nonnegative(), judged: z.int().positive() }).exactOptional(),
  pictures: z.array(entrySchema),
})
export type GalleryIndex = z.infer<typeof gallerySchema>

/** Pictures of a pack's units that were made in advance. */
export interface Gallery {
  readonly entries: readonly GalleryEntry[]
  /** In how many of the pack's portraits a judge saw a face, if that was tested. */
  readonly faces?: GalleryIndex['faces']
  find(unit: number, facet?: string): GalleryEntry | undefined
  /**
   * @param format Slack takes PNG, but no WebP
   * @returns undefined if the gallery has no such picture
   * @throws UserError 'bad-pack' if its file is missing
   */
  thumbnail(unit: number, facet?: string, format?: 'webp' | 'png'): Promise<Uint8Array | undefined>
}

/** A gallery that takes in new pictures while it is in use. */
export interface GrowingGallery extends Gallery {
  /** Adds a picture, or replaces the one it has. */
  add(entry: GalleryEntry): void
}

const keyOf = (unit: number, facet = ''): string => `${unit} ${facet}`

/** Whether a gallery has been made for the pack in `folder`. */
export const hasGallery = (folder: string): boolean => existsSync(join(folder, galleryFolder, galleryIndex))

/**
 * Opens the gallery of the pack in `folder`, made by `neuron-games models gallery`.
 * @throws UserError 'bad-pack' if its index is missing or wrong
 */
export async function openGallery(folder: string): Promise<GrowingGallery> {
  const home = join(folder, galleryFolder)
  return galleryOf(home, await readPackFile(home, galleryIndex, gallerySchema))
}

/** For a pack that has no gallery yet: it may grow. */
export const emptyGallery = (folder: string): GrowingGallery =>
  galleryOf(join(folder, galleryFolder), { pictures: [] })

function galleryOf(
  home: string,
  { pictures, faces }: Pick<GalleryIndex, 'pictures' | 'faces'>,
): GrowingGallery {
  const byKey = new Map(pictures.map((entry) => [keyOf(entry.unit, entry.facet), entry]))
  const find = (unit: number, facet?: string) => byKey.get(keyOf(unit, facet))
  return {
    ...(faces && { faces }),
    get entries() {
      return [...byKey.values()]
    },
    find,
    add: (entry) => void byKey.set(keyOf(entry.unit, entry.facet), entry),
    async thumbnail(unit, facet, format = 'webp') {
      const entry = find(unit, facet)
      if (!entry) return undefined
      const file = join(home, entry.file)
      const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
        throw badPack(`The gallery lacks ${file}: make it again with npx neuron-games models gallery.`, {
          cause,
        })
      })
      return format === 'png' ? sharp(bytes).png().toBuffer() : bytes
    },
  }
}
