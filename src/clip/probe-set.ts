import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import sharp from 'sharp'
import { z } from 'zod'
import { projectRoot } from '../root.ts'
import { badPack, readPackFile } from './pack.ts'
import type { RawPicture } from '../pictures/picture.ts'
import { rawOf } from '../pictures/raw.ts'

const kinds = ['emoji', 'icon', 'photo', 'word'] as const
export type ProbeKind = (typeof kinds)[number]

const sourceSchema = z.object({
  title: z.string(),
  version: z.string(),
  author: z.string(),
  /** SPDX, or 'public domain'. */
  licence: z.string(),
  url: z.string(),
  /** Nothing of it was in the training data of the pack's model. */
  heldOut: z.boolean(),
})
export type ProbeSource = z.infer<typeof sourceSchema>

const count = z.number().int().nonnegative()

const indexSchema = z
  .object({
    format: z.literal(1),
    /** Tiles of side x side pixels, row after row in sheets of columns x columns. */
    side: count.positive(),
    columns: count.positive(),
    sheets: z.array(z.object({ file: z.string().regex(/^[\w.-]+$/), sha256: z.string() })),
    sources: z.record(z.string(), sourceSchema),
    /** Everyday things, no two alike: the candidates for naming a picture (zero-shot) when the probe set is evaluated. */
    labels: z.array(z.string()),
    items: z.array(z.object({ label: z.string(), kind: z.enum(kinds), source: z.string(), tile: count })),
  })
  .check((context) => {
    const { items, sources, sheets, columns } = context.value
    const wrong = items.findIndex(
      ({ source, tile }) => !sources[source] || tile >= sheets.length * columns * columns,
    )
    if (wrong >= 0) {
      const message = 'it names a source or a tile that is not there'
      context.issues.push({ code: 'custom', input: items[wrong], path: ['items', wrong], message })
    }
  })
export type ProbeIndex = z.infer<typeof indexSchema>

/** One labelled picture. Its label is an entry of the pack's vocabulary. */
export interface ProbeItem {
  readonly label: string
  readonly kind: ProbeKind
  /** A key of the set's sources. */
  readonly source: string
  readonly heldOut: boolean
  /** Index of its tile, counted over all sheets. */
  readonly tile: number
}

/** Labelled pictures on which a pack's units are measured, named and attacked. */
export interface ProbeSet {
  /** How it is called in sentences, with the number of its pictures. */
  readonly name: string
  /** Tells it from any other: its index, which has its sheets' hashes. */
  readonly sha256: string
  readonly items: readonly ProbeItem[]
  readonly sources: Readonly<Record<string, ProbeSource>>
  readonly labels: readonly string[]
  /** The item's pixels, on white. Decodes its sheet, unless one of the last items was on it. */
  picture(item: ProbeItem): Promise<RawPicture>
}

/**
 * Opens the probe set on which the pack in `folder` is measured: its own in probe/, or else the pocket pack's.
 * @throws UserError 'bad-pack' with one sentence that names the file.
 */
export function openProbeSetOf(folder: string, probeFolder?: string): Promise<ProbeSet> {
  const own = join(folder, 'probe')
  return openProbeSet(probeFolder ?? (existsSync(own) ? own : join(projectRoot, 'models', 'pocket', 'probe')))
}

/** Decoded sheets that are kept: one for whoever iterates, one for a lookup in between. */
const sheetsKept = 2

/**
 * Opens a folder with a probe set: index.json and sheets of tiles, made by `npm run probe-set`. Items come
 * in the order of their tiles, so that iterating decodes each sheet once.
 * @throws UserError 'bad-pack' with one sentence that names the file.
 */
export async function openProbeSet(folder: string): Promise<ProbeSet> {
  const index = await readPackFile(folder, 'index.json', indexSchema)
  const { side, columns, sheets, sources, labels } = index

  const read = async (sheet: number): Promise<Buffer> => {
    const { file, sha256 } = sheets[sheet]!
    const path = join(folder, file)
    const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
      throw badPack(`The probe set lacks ${path}: put the file back.`, { cause })
    })
    if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes
    throw badPack(`${path} is not the file that its index.json names: put the original file back.`)
  }
  for (const sheet of sheets.keys()) await read(sheet)

  const decode = async (sheet: number): Promise<RawPicture> => rawOf(sharp(await read(sheet)))
  const decoded = new LRUCache<number, Promise<RawPicture>>({ max: sheetsKept })
  const sheetOf = (sheet: number): Promise<RawPicture> => {
    const kept = decoded.get(sheet) ?? decode(sheet)
    decoded.set(sheet, kept)
    return kept
  }

  const of = (kind: ProbeKind) => index.items.filter((item) => item.kind === kind).length
  return {
    sha256: createHash('sha256').update(JSON.stringify(index)).digest('hex'),
    name: `${index.items.length} probe pictures (${of('emoji') + of('icon')} drawings, ${of('photo')} photographs, ${of('word')} written words)`,
    items: index.items
      .map(({ label, kind, source, tile }) => ({
        label,
        kind,
        source,
        heldOut: sources[source]!.heldOut,
        tile,
      }))
      .sort((a, b) => a.tile - b.tile),
    sources,
    labels,
    async picture({ tile }) {
      const sheet = await sheetOf(Math.floor(tile / columns ** 2))
      const left = (tile % columns) * side
      const top = (Math.floor(tile / columns) % columns) * side
      const data = new Uint8Array(side * side * 3)
      for (let y = 0; y < side; y++) {
        const from = ((top + y) * sheet.width + left) * 3
        data.set(sheet.data.subarray(from, from + side * 3), y * side * 3)
      }
      return { width: side, height: side, data }
    },
  }
}
