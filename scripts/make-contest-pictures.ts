/**
 * Makes assets/contest: the pictures that a contest can start from without one of one's own, composed from
 * Microsoft's Fluent Emoji (MIT) and our own backgrounds. What each shows is in assets/languages, under "samples".
 *   npx tsx scripts/make-contest-pictures.ts
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { projectRoot } from '../src/root.ts'
import { groundSide } from './contest-pictures/grounds.ts'
import { type Scene, scenes, type Thing } from './contest-pictures/scenes.ts'
import { npmPackage, readJson } from './probe-set/fetch.ts'

const iconSet = '@iconify-json/fluent-emoji'
const version = '1.2.7'
const quality = 90

const folder = join(projectRoot, 'assets', 'contest')
const { icons } = readJson(join(npmPackage(iconSet, version), 'icons.json')) as {
  icons: Record<string, { body: string }>
}

const svg = (side: number, box: number, body: string) =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${side}" height="${side}" viewBox="0 0 ${box} ${box}">${body}</svg>`,
  )

async function draw({ icon, x, y, size, turn = 0 }: Thing) {
  const drawing = icons[icon]
  if (!drawing) throw new Error(`${iconSet} has no ${icon}`)
  const body = `<g transform="rotate(${turn} 16 16)">${drawing.body}</g>`
  const input = await sharp(svg(size, 32, body))
    .png()
    .toBuffer()
  return { input, left: Math.round(x - size / 2), top: Math.round(y - size / 2) }
}

async function compose({ ground, things }: Scene): Promise<Buffer> {
  const drawings = []
  for (const thing of things) drawings.push(await draw(thing))
  return sharp(svg(groundSide, groundSide, ground))
    .composite(drawings)
    .flatten()
    .jpeg({ quality: quality, mozjpeg: true })
    .toBuffer()
}

mkdirSync(folder, { recursive: true })
const pictures = []
for (const scene of scenes) {
  const { id, label } = scene
  const bytes = await compose(scene)
  writeFileSync(join(folder, `${id}.jpg`), bytes)
  pictures.push({ id, file: `${id}.jpg`, label })
  console.log(`${id}.jpg ${(bytes.length / 1000).toFixed(0)} kB`)
}
const index = {
  side: groundSide,
  // More than a dozen things that are not alike: each picture is named among these.
  labels: scenes.map(({ label }) => label),
  pictures,
}
writeFileSync(join(folder, 'index.json'), `${JSON.stringify(index, null, 2)}\n`)
