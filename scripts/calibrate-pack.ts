/**
 * Measures how often a pack is right on pictures that it has not seen, and writes calibration.json; `npm run measure`
 * does so too, after all else:
 *   npm run calibrate -- models/pocket [PROBE SET]
 */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { openPack } from '../src/clip/pack.ts'
import { calibratePack } from '../src/packs/measure/measure.ts'
import { percent } from '../src/chat/words.ts'

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
const { measuredOn, names, units, kinds } = calibration
console.log(`Measured on ${measuredOn}.`)
console.table(
  kinds.map(({ kind, pictures, right, amongFive }) => ({
    kind,
    pictures,
    'first name right': percent(right),
    'among five': percent(amongFive),
  })),
)
for (const [what, curve] of Object.entries({
  'first name, by its probability': names,
  'first unit, by its σ': units,
})) {
  if (!curve) continue
  console.log(what, curve.error)
  console.table(
    curve.points.map(({ at, right, pictures }) => ({ says: at, right: percent(right), pictures })),
  )
}
