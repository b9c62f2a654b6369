/**
 * Do a drawing and its written name fire the same units? Counts how often the two share one of their ten strongest,
 * against the same drawings beside the names of the others: npx tsx scripts/measure-multimodal.ts
 */
import { join } from 'node:path'
import { createCanvas } from '@napi-rs/canvas'
import { font, handwriting } from '../src/cards/fonts.ts'
import { decodePicture } from '../src/pictures/decode.ts'
import { createEncoder } from '../src/clip/encoder.ts'
import { openPack } from '../src/clip/pack.ts'
import type { RawPicture } from '../src/pictures/picture.ts'
import { openProbeSet, type ProbeItem } from '../src/clip/probe-set.ts'
import { createCatalogue } from '../src/neurons/catalogue.ts'
import { topFirings } from '../src/neurons/firing.ts'
import { strengthsOf } from '../src/neurons/strength.ts'
import { projectRoot } from '../src/root.ts'

const conceptCount = 20
const topUnits = 10
const folder = process.argv[2] ?? join(projectRoot, 'models', 'pocket')

const pack = await openPack(folder)
const probe = await openProbeSet(join(folder, 'probe'))
const catalogue = createCatalogue(pack)
const encoder = await createEncoder(pack, { provider: 'cpu', threads: 1 })

async function strongest(picture: Uint8Array | RawPicture): Promise<number[]> {
  const { square } = await decodePicture(picture, { previewSide: 720, side: pack.facts.picture.side })
  const [encoded] = await encoder.encodePooled([square])
  const strengths = strengthsOf(encoded!.means, pack.baseline)
  return topFirings(strengths, catalogue, { limit: topUnits, sensitive: true }).map(({ unit }) => unit)
}

/** The words in black on white, one to a line, as wide as fits. */
function written(text: string, fontOf: (size: number) => string): Buffer {
  const side = 336
  const canvas = createCanvas(side, side)
  const ctx = canvas.getContext('2d')
  ctx.fillStyle = 'white'
  ctx.fillRect(0, 0, side, side)
  ctx.fillStyle = 'black'
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  const lines = text.split(' ')
  ctx.font = fontOf(100)
  const widest = Math.max(...lines.map((line) => ctx.measureText(line).width))
  const size = Math.min(130, (100 * side * 0.86) / widest, (side * 0.8) / lines.length)
  ctx.font = fontOf(size)
  for (const [i, line] of lines.entries()) {
    ctx.fillText(line, side / 2, side / 2 + (i - (lines.length - 1) / 2) * size)
  }
  return canvas.toBuffer('image/png')
}

interface Pair {
  readonly drawing: readonly number[]
  readonly word: readonly number[]
}

function report(title: string, pairs: readonly Pair[]): void {
  const share = (a: Pair, b: Pair) => a.drawing.some((unit) => b.word.includes(unit))
  const own = pairs.filter((pair) => share(pair, pair)).length
  let others = 0
  for (const a of pairs) for (const b of pairs) if (a !== b && share(a, b)) others++
  const shuffled = others / (pairs.length - 1)
  const percent = (count: number) => `${((100 * count) / pairs.length).toFixed(1)} %`
  console.log(
    `${title}: ${own} of ${pairs.length} (${percent(own)}); shuffled, on average ${shuffled.toFixed(1)} of ${pairs.length} (${percent(shuffled)})`,
  )
}

/** A drawing that the model did not learn from, if the set has one. */
const drawingOf = (label: string): ProbeItem | undefined => {
  const drawings = probe.items.filter((item) => item.label === label && /emoji|icon/.test(item.kind))
  return drawings.find(({ heldOut }) => heldOut) ?? drawings[0]
}

// Known to the pack: the names it gives units with certainty 'agreed', in the order of the units.
const known = new Set(
  catalogue.units.filter(({ certainty }) => certainty === 'agreed').map(({ name }) => name),
)
const concepts = [...known].filter((name) => drawingOf(name)?.heldOut).slice(0, conceptCount)
console.log(`${concepts.length} concepts: ${concepts.join(', ')}`)
for (const [name, fontOf] of [
  ['print', (size: number) => font(size, 'bold')],
  ['handwriting', handwriting],
] as const) {
  const pairs: Pair[] = []
  for (const concept of concepts) {
    const drawing = await strongest(await probe.picture(drawingOf(concept)!))
    pairs.push({ drawing, word: await strongest(written(concept, fontOf)) })
  }
  report(`known concepts, words in ${name}`, pairs)
}

const words = probe.items.filter(({ kind, label }) => kind === 'word' && drawingOf(label))
const pairs: Pair[] = []
for (const word of words) {
  const drawing = await strongest(await probe.picture(drawingOf(word.label)!))
  pairs.push({ drawing, word: await strongest(await probe.picture(word)) })
}
report('every word of the probe set that has a drawing', pairs)
await encoder.close()
