/**
 * What the trip through Redis costs a picture and what a second worker with one thread gains, for the pocket pack and for one
 * of RN50x4's shape with random weights; then what a whole answer costs each process. All run on this machine:
 * `npm run bench queue`, or a part of it: `tsx bench/queue.ts pocket`, `large`, `answers`. The figures go to
 * bench/measured.json, for the capacity model (scripts/capacity.ts).
 */
import { setMaxListeners } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { openPack, type Pack } from '../src/clip/pack.ts'
import type { Engine } from '../src/jobs/engine.ts'
import { createEngine } from '../src/jobs/in-process.ts'
import { maxBatch } from '../src/jobs/thread-model.ts'
import type { RawPicture } from '../src/pictures/picture.ts'
import { projectRoot } from '../src/root.ts'
import { openBot } from '../test/jobs/queue/fleet.ts'
import { postgresIsMissing, redisIsMissing, startRedis } from '../test/store/servers.ts'
import { measureAnswers } from './answers.ts'
import { beginMeasuring, type Figures } from './measured.ts'
import { randomPack } from './random-pack.ts'
import { median, ms, print } from './report.ts'
import { startWorker } from './workers.ts'

const crowdSize = 64

const missing = redisIsMissing ?? postgresIsMissing
if (missing) {
  console.log(`\nThe queue was not measured: ${missing}`)
  process.exit()
}
const server = await startRedis('everysec')
const redis = new Redis(server.url)

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}

function blank({ facts }: Pack): RawPicture {
  const { side } = facts.picture
  return { width: side, height: side, data: new Uint8Array(3 * side * side).fill(90) }
}

/** Everything but the model's run, by a worker and in this process, one picture at a time in turns. */
async function detour(pack: Pack, rounds: number, targetOf: (runMs: number) => string) {
  const picture = blank(pack)
  const log = pino({ level: 'silent' })
  const own = await createEngine({ pack, provider: 'cpu', threads: 1, queueLimit: crowdSize, log })
  const bot = await openBot(server.url, pack)
  const runs: number[] = []
  const around = { own: [] as number[], worker: [] as number[] }
  for (let round = -3; round < rounds; round++)
    for (const [name, engine] of Object.entries({ own, worker: bot }) as ['own' | 'worker', Engine][]) {
      let model = 0
      const whole = await timed(async () => void ({ modelMs: model } = await engine.analyse(picture)))
      if (round < 0) continue
      runs.push(model)
      around[name].push(whole - model)
    }
  await Promise.all([own.close(), bot.close()])
  const runMs = median(runs)
  const detourMs = median(around.worker) - median(around.own)
  print(`${pack.facts.title}: one picture at a time, one thread, medians of ${rounds} rounds`, [
    ['a run of the model', ms(runMs)],
    ['everything else, in this process', ms(median(around.own))],
    ['everything else, by a worker', ms(median(around.worker))],
    [
      'so the way over Redis costs',
      `${ms(detourMs)}, ${((100 * detourMs) / runMs).toFixed(1)} % of a run`,
      targetOf(runMs),
    ],
  ])
  return { runMs, detourMs }
}

/** What Redis has done so far. */
async function redisWork() {
  const info = await redis.info()
  const figure = (name: string): number => Number(new RegExp(`^${name}:(.*)$`, 'm').exec(info)![1])
  return {
    ms: 1000 * (figure('used_cpu_user') + figure('used_cpu_sys')),
    commands: figure('total_commands_processed'),
    kilobytes: (figure('total_net_input_bytes') + figure('total_net_output_bytes')) / 1000,
  }
}

/** How fast pictures come back while 64 wait. @returns pictures a second, and what Redis did for each of them */
async function crowd(pack: Pack, pictures: number) {
  const bot = await openBot(server.url, pack)
  const enough = new AbortController()
  const { signal } = enough
  setMaxListeners(0, signal)
  const ended: number[] = []
  const asker = async (): Promise<void> => {
    for (;;) {
      const answered = await bot.analyse(blank(pack), { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
      if (!answered || signal.aborted) return
      if (ended.push(performance.now()) === pictures) enough.abort()
    }
  }
  const before = await redisWork()
  await Promise.all(Array.from({ length: crowdSize }, asker))
  const after = await redisWork()
  await bot.close()
  const each = (name: keyof typeof after): number => (after[name] - before[name]) / pictures
  // Counted from the end of the first two runs.
  const first = 2 * maxBatch
  return {
    perSecond: (1000 * (pictures - first)) / (ended.at(-1)! - ended[first - 1]!),
    redisEach: { ms: each('ms'), commands: each('commands'), kilobytes: each('kilobytes') },
  }
}

async function measurePack(
  pack: Pack,
  rounds: number,
  pictures: number,
  targets: { readonly detour: (runMs: number) => string; readonly twoWorkers?: string },
): Promise<Figures<'pocket'>> {
  const first = await startWorker(server.url, pack.folder)
  const alone = await detour(pack, rounds, targets.detour)
  const { perSecond: oneWorker, redisEach } = await crowd(pack, pictures)
  const second = await startWorker(server.url, pack.folder)
  const { perSecond: twoWorkers } = await crowd(pack, pictures)
  await Promise.all([first.stop(), second.stop()])
  print(`${pack.facts.title}: ${pictures} pictures while ${crowdSize} wait, workers of one thread`, [
    ['one worker', `${oneWorker.toFixed(2)} pictures a second`],
    [
      'two workers',
      `${twoWorkers.toFixed(2)} pictures a second, ${(twoWorkers / oneWorker).toFixed(2)} times as many`,
      targets.twoWorkers,
    ],
    [
      'Redis, for each picture',
      `${ms(redisEach.ms)} of its processor, ${redisEach.commands.toFixed(0)} commands, ${redisEach.kilobytes.toFixed(0)} kB in and out`,
    ],
  ])
  return { ...alone, oneWorker, twoWorkers, redis: redisEach }
}

const pocketFolder = join(projectRoot, 'models', 'pocket')

/** The pocket pack's picture costs so little that bot and Redis need as much of this machine as a worker. */
const targets = {
  pocket: { detour: () => 'at most 8 ms' },
  large: { detour: (runMs: number) => `at most 10 %, ${ms(runMs / 10)}`, twoWorkers: 'at least 1.8' },
}

const parts = {
  async pocket() {
    const keep = beginMeasuring()
    await keep('pocket', await measurePack(await openPack(pocketFolder), 101, 640, targets.pocket))
  },
  async large() {
    const folder = await mkdtemp(join(tmpdir(), 'bench-queue-'))
    const pack = await randomPack(folder)
    const keep = beginMeasuring()
    await keep('random-rn50x4', await measurePack(pack, 15, 64, targets.large))
    await rm(folder, { recursive: true })
  },
  async answers() {
    const keep = beginMeasuring()
    const { answersASecond, each } = await measureAnswers(redis, server.url, pocketFolder)
    print('A whole answer on Discord to a photograph of one megapixel, pocket pack: processor time', [
      ['the bot', ms(each.bot)],
      ['the worker', ms(each.worker)],
      ['Redis', `${ms(each.redis)} for ${each.redisCommands.toFixed(0)} commands`],
      ['PostgreSQL', `${ms(each.store)} for ${each.storeCommands.toFixed(0)} transactions`],
      ['Discord', `${each.discordRequests.toFixed(1)} requests`],
      ['answers a second, all on this machine', answersASecond.toFixed(1)],
    ])
    await keep('answer', each)
  },
}

const asked = process.argv.slice(2)
for (const [name, measure] of Object.entries(parts))
  if (asked.length === 0 || asked.includes(name)) await measure()
redis.disconnect()
await server.stop()
