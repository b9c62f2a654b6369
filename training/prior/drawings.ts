/**
 * Draws what the prior learns from, as raw RGB of 128 x 128 pixels, one picture after the other:
 *   npx tsx training/prior/drawings.ts FOLDER
 * writes FOLDER/drawings.bin and FOLDER/words.bin, the written words of the pocket pack's probe set. The sets that the
 * probe set holds out of training are held out here, too.
 */
import { openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { npmPackage, readJson } from '../../scripts/probe-set/fetch.ts'
import { type IconifySet, svgOf } from '../../scripts/probe-set/drawings.ts'
import { squareOf } from '../../src/pictures/square.ts'
import { openProbeSet } from '../../src/clip/probe-set.ts'
import { projectRoot } from '../../src/root.ts'
import { createRandom } from '../../src/visualization/random.ts'

const SIDE = 128
/** Iconify's copies, with their versions and the share of their drawings that is taken. */
const sets = [
  ['noto', '1.2.9', 1],
  ['noto-v1', '1.2.5', 1],
  ['twemoji', '1.2.5', 1],
  ['fluent-emoji', '1.2.7', 1],
  ['fluent-emoji-flat', '1.2.6', 1],
  ['emojione', '1.2.3', 1],
  ['streamline-emojis', '1.2.4', 1],
  ['flat-color-icons', '1.2.3', 1],
  ['game-icons', '1.2.4', 0.25],
] as const
/** Kinds that emoji have by the hundred, and the share of them that is taken. */
const many: readonly (readonly [RegExp, number])[] = [
  [/skin|tone|(light|dark|medium)$/, 0],
  [/person|people|(wo)?m[ae]n\b|boy|girl|couple|family|kiss|hand|finger|princ|health|police|guard/, 0.3],
  [/flag/, 0.25],
  [/keycap|input|letter|button|clock|thirty/, 0.4],
]

const folder = process.argv[2]
if (folder === undefined) throw new Error('Name a folder for the drawings.')
const random = createRandom(1)
const drawings = openSync(join(folder, 'drawings.bin'), 'w')
for (const [prefix, version, share] of sets) {
  const set = readJson(join(npmPackage(`@iconify-json/${prefix}`, version), 'icons.json')) as IconifySet
  let count = 0
  for (const [icon, { body, ...size }] of Object.entries(set.icons)) {
    const kept = many.reduce((rest, [kind, part]) => (kind.test(icon) ? rest * part : rest), share as number)
    if (random.between(0, 1) >= kept) continue
    const svg = svgOf(body, size.width ?? set.width ?? 16, size.height ?? set.height ?? 16, SIDE)
    const picture = sharp(Buffer.from(svg)).flatten({ background: 'white' }).toColourspace('srgb')
    writeSync(drawings, await picture.removeAlpha().raw().toBuffer())
    count++
  }
  console.log(`${prefix}: ${count} drawings`)
}

const probe = await openProbeSet(join(projectRoot, 'models', 'pocket', 'probe'))
const words = openSync(join(folder, 'words.bin'), 'w')
for (const item of probe.items.filter(({ kind }) => kind === 'word'))
  writeSync(words, squareOf(await probe.picture(item), SIDE).data)
