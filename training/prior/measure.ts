/**
 * Measures a pack's prior on drawings that it did not learn from, and enters its file into pack.json:
 *   npx tsx training/prior/measure.ts models/pocket
 */
import { join } from 'node:path'
import { sealPack } from '../../src/clip/seal.ts'
import { openPack } from '../../src/clip/pack.ts'
import { preprocess } from '../../src/clip/preprocess.ts'
import { squareOf } from '../../src/pictures/square.ts'
import { openProbeSet } from '../../src/clip/probe-set.ts'
import { openPrior, priorFile } from '../../src/visualization/prior.ts'
import { createRandom } from '../../src/visualization/random.ts'

const sigmas = [0.1, 0.2, 0.4, 0.8]
/** Every so manieth of the drawings that were held out. */
const everyNth = 8
const plain = { mean: [0, 0, 0], std: [1, 1, 1] }

const folder = process.argv[2] ?? join('models', 'pocket')
await sealPack(folder, [priorFile])
const pack = await openPack(folder)
const prior = (await openPrior(pack, { provider: 'cpu', threads: 1 }))!
const probe = await openProbeSet(join(folder, 'probe'))
const drawings = probe.items
  .filter(({ kind, source }) => kind !== 'word' && probe.sources[source]!.heldOut)
  .filter((_, i) => i % everyNth === 0)

const random = createRandom(1)
for (const sigma of sigmas) {
  let error = 0
  for (const item of drawings) {
    const clean = preprocess(squareOf(await probe.picture(item), prior.side), plain)
    const noisy = clean.map((value) => value + sigma * random.normal())
    const guess = await prior.denoise(noisy, sigma)
    error += clean.reduce((sum, value, i) => sum + (value - guess[i]!) ** 2, 0) / clean.length
  }
  const rms = Math.sqrt(error / drawings.length)
  console.log(`noise of ${sigma}: ${rms.toFixed(4)} is left on ${drawings.length} drawings`)
}
await prior.close()
