/**
 * Measures how often a pack is right on pictures that it has not seen, and writes calibration.json; `npm run measure`
 * does so too, at the end. A model card in the folder gets the curves:
 *   npm run calibrate -- models/pocket [PROBE SET]
 */
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { openPack } from '../src/clip/pack.ts'
import { calibratePack } from '../src/packs/measure/measure.ts'
import { english } from '../src/language.ts'
import { percent } from '../src/chat/words.ts'
import { curvesOf, withCurves } from './reliability-curves.ts'

const [folder, probeFolder] = process.argv.slice(2)
if (!folder) {
  console.error('Name the pack: npm run calibrate -- models/pocket')
  process.exit(2)
}
await calibratePack(resolve(folder), {
  ...(probeFolder && { probeFolder: resolve(probeFolder) }),
  threads: availableParallelism(),
})
const { calibration } = await openPack(resolve(folder))
if (!calibration) throw new Error('the probe set has no picture that the model has not seen')
const { measuredOn, kinds } = calibration
console.log(`Measured on ${measuredOn}.`)
console.table(
  kinds.map(({ kind, pictures, right, amongFive }) => ({
    kind,
    pictures,
    'first name right': percent(right, english),
    'among five': percent(amongFive, english),
  })),
)
const card = join(folder, 'MODEL_CARD.md')
if (existsSync(card)) await writeFile(card, withCurves(await readFile(card, 'utf8'), calibration))
for (const [what, curve] of curvesOf(calibration)) {
  console.log(what, curve.error)
  console.table(
    curve.points.map(({ at, right, pictures }) => ({ says: at, right: percent(right, english), pictures })),
  )
}
