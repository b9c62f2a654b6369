/**
 * Measures a pack on its probe set and writes what is usual for each unit (baseline.json), and what fires it and what
 * holds it back (tuning.json):
 *   npm run measure -- models/pocket [PROBE SET]
 * Without a probe set of its own a pack is measured on the pocket pack's.
 */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { UserError } from '../src/errors.ts'
import { measurePack } from '../src/packs/measure/measure.ts'
import { Progress } from '../src/platforms/terminal/progress.ts'

const [folder, probeFolder] = process.argv.slice(2)
if (!folder) {
  console.error('Name the pack: npm run measure -- models/pocket')
  process.exit(2)
}
const progress = new Progress(process.stderr, false)
const start = performance.now()
try {
  const { pictures, words } = await measurePack(resolve(folder), {
    ...(probeFolder && { probeFolder: resolve(probeFolder) }),
    threads: availableParallelism(),
    onProgress: (done, total) => progress.pictures(done, total),
  })
  progress.stop()
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  console.log(`Measured on ${pictures} pictures and ${words} words in ${seconds} s.`)
} catch (error) {
  progress.stop()
  if (!(error instanceof UserError)) throw error
  console.error(error.message)
  process.exit(2)
}
