/**
 * The resident size of the process after 200 and after 1,000 requests in a row, in a process of its own:
 * `tsx bench/memory.ts`.
 */
import { availableParallelism } from 'node:os'
import { pino } from 'pino'
import { openPack } from '../src/clip/pack.ts'
import { createEngine } from '../src/jobs/in-process.ts'
import { packFolder } from './pack-folder.ts'
import { photograph } from './photograph.ts'
import { median, print } from './report.ts'

const [EARLY, LATE] = [200, 1000]
const triedSizes = [
  [1152, 864],
  [640, 480],
  [2000, 1500],
  [800, 1200],
] as const
const labels = ['cat', 'dog', 'train', 'iPod']

const pictures = await Promise.all(triedSizes.map(([width, height], seed) => photograph(width, height, seed)))
const engine = await createEngine({
  pack: await openPack(packFolder),
  provider: 'cpu',
  threads: availableParallelism(),
  queueLimit: 1,
  log: pino({ level: 'silent' }),
})
/** Each is the median over the last 50 requests: garbage that is not yet collected comes and goes. */
const sizes = new Map<number, number>()
let readings: number[] = []
for (let request = 1; request <= LATE; request++) {
  const picture = pictures[request % pictures.length]!
  await (request % 2 === 0 ? engine.analyse(picture) : engine.classify(picture, labels))
  readings.push(process.memoryUsage.rss())
  if (request % 50 === 0) {
    sizes.set(request, median(readings))
    readings = []
  }
}
await engine.close()
const mb = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`
print('Resident size after requests in a row', [
  ...[...sizes]
    .filter(([request]) => request % 200 === 0)
    .map(([request, size]) => [`${request}`, mb(size)] as const),
  [`after ${LATE} against ${EARLY}`, (sizes.get(LATE)! / sizes.get(EARLY)!).toFixed(3), 'at most 1.05'],
])
