/**
 * Makes the pocket pack's probe set, models/pocket/probe: labelled drawings, photographs and written words.
 *   npm run probe-set -- PHOTOGRAPHS
 * PHOTOGRAPHS is the folder of training's photographs (training/README.md); those that may be passed on are taken from it.
 * Sources are fetched in pinned versions through npm and apt-get into a temporary folder (needs both, and
 * dpkg-deb: a Debian machine); what each is and on what terms is in the index that is written.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'
import type { ProbeIndex, ProbeKind, ProbeSource } from '../src/clip/probe-set.ts'
import { isSensitive } from '../src/neurons/sensitive.ts'
import { projectRoot } from '../src/root.ts'
import { drawingSets, drawingsOf } from './probe-set/drawings.ts'
import { statedLabels } from './probe-set/labels.ts'
import { openPhotographs } from './probe-set/open-photographs.ts'
import { photographs } from './probe-set/photographs.ts'
import { drawWords, wordSource, wordsToWrite } from './probe-set/words.ts'

const side = 128
const columns = 16
const quality = 94

const [photographFolder] = process.argv.slice(2)
if (!photographFolder) throw new Error('Name the folder of photographs: npm run probe-set -- PHOTOGRAPHS')
const folder = join(projectRoot, 'models/pocket/probe')
const items: ProbeIndex['items'] = []
const sources: Record<string, ProbeSource> = {}
const tiles: Buffer[] = []

function add(label: string, kind: ProbeKind, source: string, pixels: Buffer): void {
  if (isSensitive(label)) throw new Error(`"${label}" is sensitive: leave it out`)
  items.push({ label, kind, source, tile: tiles.length })
  tiles.push(pixels)
}

const onWhite = (picture: Sharp): Promise<Buffer> =>
  picture.flatten({ background: 'white' }).toColourspace('srgb').raw().toBuffer()

for (const set of drawingSets) {
  const { drawings, source } = drawingsOf(set, side)
  sources[set.prefix] = source
  for (const { label, svg } of drawings)
    add(label, set.kind, set.prefix, await onWhite(sharp(Buffer.from(svg))))
  console.log(`${set.prefix}: ${drawings.length} drawings`)
}

const photos = [...photographs(), ...openPhotographs(photographFolder)]
for (const { label, bytes, whole, id, source } of photos) {
  sources[id] = source
  const fit = whole ? 'contain' : 'cover'
  add(label, 'photo', id, await onWhite(sharp(bytes).resize(side, side, { fit, background: 'white' })))
}
console.log(`${photos.length} photographs`)

const words = wordsToWrite(new Set(items.map(({ label }) => label)))
sources['words'] = wordSource
for (const [i, png] of drawWords(words, side).entries())
  add(words[i]!, 'word', 'words', await onWhite(sharp(png)))
console.log(`${words.length} written words`)

/** A sheet's tiles, row after row; the places after the last are white. */
function sheetOf(tiles: readonly Buffer[]): Buffer {
  const width = side * columns
  const rows = Math.ceil(tiles.length / columns)
  const sheet = Buffer.alloc(width * rows * side * 3, 255)
  for (const [i, tile] of tiles.entries()) {
    const corner = Math.floor(i / columns) * side * width + (i % columns) * side
    for (let y = 0; y < side; y++) {
      tile.copy(sheet, (corner + y * width) * 3, y * side * 3, (y + 1) * side * 3)
    }
  }
  return sheet
}

mkdirSync(folder, { recursive: true })
for (const file of readdirSync(folder)) if (file.endsWith('.webp')) rmSync(join(folder, file))
const sheets: ProbeIndex['sheets'] = []
let size = 0
for (let first = 0; first < tiles.length; first += columns ** 2) {
  const pixels = sheetOf(tiles.slice(first, first + columns ** 2))
  const width = side * columns
  const raw = { width, height: pixels.length / width / 3, channels: 3 } as const
  const bytes = await sharp(pixels, { raw })
    .webp({ quality: quality, effort: 6, smartSubsample: true })
    .toBuffer()
  const file = `sheet-${String(sheets.length).padStart(2, '0')}.webp`
  writeFileSync(join(folder, file), bytes)
  sheets.push({ file, sha256: createHash('sha256').update(bytes).digest('hex') })
  size += bytes.length
}
const index: ProbeIndex = {
  format: 1,
  side: side,
  columns: columns,
  sheets,
  sources,
  labels: [...statedLabels],
  items,
}
writeFileSync(join(folder, 'index.json'), `${JSON.stringify(index)}\n`)
console.log(`${items.length} items in ${sheets.length} sheets, ${(size / 1e6).toFixed(1)} MB`)
