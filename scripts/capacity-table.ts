import type { Measured } from '../bench/measured.ts'
import { between } from './between.ts'
import { type Fleet, simulate } from './capacity-simulation.ts'

const comments = ['<!-- capacity: npm run capacity -->', '<!-- /capacity -->'] as const

const picturesASecond = 100
/** Only this share of the capacity is planned for: the rest is for bursts. */
const planned = 0.8
const simulatedSeconds = 300
/** A minute with twice as many pictures. */
const burst = { from: 120, until: 180 }
/** Above this, operations.md says "add workers". */
const patientSeconds = 3
/** Beyond this, discord.js holds back a process's requests, acknowledgements included. */
const discordRequestsASecond = 50
/** What a link of 1 Gbit/s carries. */
const kilobytesASecond = 125_000
/** Discord allows no more in a shard. */
const serversOfShard = 2500
const servers = 10_000

/**
 * Not measured here. For single runs: github.com/rmsmith251/cv-models, benchmarks/README.md, RTX 2080 Super, one
 * picture. For large batches at 16 bits: github.com/huggingface/pytorch-image-models, results/
 * benchmark-infer-amp-nhwc-pt240-cu124-rtx3090.csv, resnet50x4_clip. Ours, runs of eight at 32 bits, lie between.
 */
const gpus = { slow: 17.9, fast: 1000 / 889.34 }

interface Kind {
  readonly name: string
  readonly runMs: Fleet['runMs']
}

/** We measured runs of one and of eight, with everything around them; in between we interpolate linearly. */
function cpu(name: string, { runMs, oneWorker }: Measured['pocket']): Kind {
  const [one, eight] = [runMs, 8000 / oneWorker]
  return { name, runMs: (pictures) => one + ((eight - one) * (pictures - 1)) / 7 }
}

const inTable = (rows: readonly (readonly string[])[]): string[] => {
  const [head, ...rest] = rows.map((row) => `| ${row.join(' | ')} |`)
  return [head!, `|${rows[0]!.map(() => '---|').join('')}`, ...rest]
}

const seconds = (value: number): string =>
  value < 1 ? `${Math.round(1000 * value)} ms` : `${value.toFixed(1)} s`

function workersFor({ name, runMs }: Kind): string[] {
  const needed = (picturesASecond * runMs(8)) / 8 / 1000
  const workers = Math.ceil(needed / planned)
  const even = { seconds: simulatedSeconds, peak: picturesASecond, rateAt: () => picturesASecond }
  const rateAt = (time: number): number =>
    time >= burst.from && time < burst.until ? 2 * picturesASecond : picturesASecond
  let fewest = Math.ceil(needed)
  while (simulate({ workers: fewest, runMs }, even).p99 > patientSeconds) fewest++
  const calm = simulate({ workers, runMs }, even)
  const stormy = simulate({ workers, runMs }, { ...even, peak: 2 * picturesASecond, rateAt })
  return [
    name,
    needed.toFixed(1),
    `**${workers}**`,
    `${seconds(calm.median)}, ${seconds(calm.p99)}`,
    seconds(stormy.longest),
    `${fewest}`,
  ]
}

/** The operations page with the capacity model between the two comments, made from what was measured. */
export function withCapacity(page: string, measured: Measured): string {
  const { answer, pocket, 'random-rn50x4': large } = measured
  const kinds: Kind[] = [
    cpu('pocket pack, one thread', pocket),
    cpu("RN50x4's shape, one thread", large),
    { name: 'RN50x4 on a GPU, no gain from batches', runMs: (pictures) => gpus.slow * pictures },
    { name: 'RN50x4 on a GPU, full gain from batches', runMs: (pictures) => gpus.fast * pictures },
  ]
  const workers = inTable([
    [
      'workers',
      'busy all the time',
      'planned',
      'time for a picture, median and 99th percentile',
      'longest in a minute with twice as many',
      'fewest for a 99th percentile of 3 s',
    ],
    ...kinds.map(workersFor),
  ])

  const cores = (ms: number): string => ((picturesASecond * ms) / 1000 / planned).toFixed(1)
  const bots = Math.ceil((picturesASecond * answer.discordRequests) / discordRequestsASecond / planned)
  const others = inTable([
    ['besides the workers', 'for 100 pictures a second', 'measured per picture'],
    [
      'bots',
      `${bots} processes, ${cores(answer.bot)} cores in all, at least ${Math.ceil(servers / serversOfShard)} shards`,
      `${answer.discordRequests.toFixed(1)} requests to Discord, ${answer.bot.toFixed(0)} ms of processor time`,
    ],
    [
      'Redis',
      `${Math.round(picturesASecond * answer.redisCommands)} commands a second, ${cores(answer.redis)} cores; with RN50x4 ${((picturesASecond * large.redis.kilobytes) / 1000).toFixed(0)} MB a second in and out`,
      `${answer.redisCommands.toFixed(0)} commands, ${answer.redis.toFixed(2)} ms; ${pocket.redis.kilobytes.toFixed(0)} kB, with RN50x4 ${large.redis.kilobytes.toFixed(0)} kB`,
    ],
    [
      'PostgreSQL',
      `${Math.round(picturesASecond * answer.storeCommands)} transactions a second, ${cores(answer.store)} cores`,
      `${answer.storeCommands.toFixed(0)} transactions, ${answer.store.toFixed(1)} ms`,
    ],
  ])

  const limits = [
    ["one bot process's requests to Discord", discordRequestsASecond / answer.discordRequests],
    ['one core for bots', 1000 / answer.bot],
    ['one core for PostgreSQL', 1000 / answer.store],
    ['Redis, which uses one core', 1000 / answer.redis],
    ['1 Gbit/s to and from Redis, with RN50x4', kilobytesASecond / large.redis.kilobytes],
    ['1 Gbit/s to and from Redis, with the pocket pack', kilobytesASecond / pocket.redis.kilobytes],
  ] as const
  const first = inTable([
    ['limit', 'reached at this many pictures a second'],
    ...limits.toSorted(([, a], [, b]) => a - b).map(([name, limit]) => [name, limit.toFixed(0)]),
  ])
  const times = Object.values(measured)
  const loads = times.map(({ load }) => load.toFixed(0)).join(', ')
  const told = `Measured on ${times[0]!.measuredOn} on ${times[0]!.machine}, with bot, workers, Redis and PostgreSQL side by side; the machine's load before the three measurements was ${loads}.`
  return between(page, 'docs/operations.md', comments, [told, '', ...workers, '', ...others, '', ...first])
}
