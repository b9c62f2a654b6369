/**
 * The resident size of the process after 200 and after 1,000 requests in a row, in a process of its own:
 * `tsx bench/memory.ts`.
 */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { openPack } from '../src/clip/pack.ts'
import { createEngine } from '../src/jobs/in-process.ts'
import { projectRoot } from '../src/root.ts'
import { photograph } from './photograph.ts'
import { print } from './report.ts'

const [EARLY, LATE] = [200, 1000]
const SIZES = [
  [1152, 864],
  [640, 480],
  [2000, 1500],
  [800, 1200],
] as const
const labels = ['cat', 'dog', 'train', 'iPod']

const pictures = await Promise.all(SIZES.map(([width, height], seed) => photograph(width, height, seed)))
const engine = await createEngine({
  pack: await openPack(join(projectRoot, 'models', 'pocket')),
  provider: 'cpu',
  threads: availableParallelism(),
  queueLimit: 1,
  log: pino({ level: 'silent' }),
})
const sizes = new Map<number, number>()
for (let request = 1; request <= LATE; request++) {
  const picture = pictures[request % pictures.length]!
  await (request % 2 === 0 ? engine.analyse(picture) : engine.classify(picture, labels))
  if (request % 100 === 0) sizes.set(request, process.memoryUsage.rss())
}
await engine.close()
const mb = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`
print('Resident size after requests in a row', [
  ...[...sizes].map(([request, size]) => [`${request}`, mb(size)] as const),
  [`after ${LATE} against ${EARLY}`, (sizes.get(LATE)! / sizes.get(EARLY)!).toFixed(3), 'at most 1.05'],
])
