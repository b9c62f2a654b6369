import { readFile, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

const positive = z.number().positive()
/** Where and when something was measured. */
const circumstances = {
  machine: z.string(),
  measuredOn: z.iso.date(),
  /** Processes that ran or wanted to, on average over the minute before. */
  load: z.number(),
}
/** One pack on workers with one thread. */
const pack = {
  /** A run of one picture, in milliseconds. */
  runMs: positive,
  /** What the trip through Redis adds, in milliseconds. */
  detourMs: z.number(),
  /** Pictures a second of one worker, and of two, with 64 waiting. */
  oneWorker: positive,
  twoWorkers: positive,
  /** What Redis did for each of these: processor time, commands, bytes in and out. */
  redis: z.strictObject({ ms: positive, commands: positive, kilobytes: positive }),
}
/** A whole answer to a one-megapixel photograph, with the pocket pack: processor time, in milliseconds. */
const answer = {
  bot: positive,
  worker: positive,
  redis: positive,
  redisCommands: positive,
  store: positive,
  storeCommands: positive,
  /** The bot's requests to Discord, including the acknowledgement. */
  discordRequests: positive,
}
const schema = z.strictObject({
  pocket: z.strictObject({ ...pack, ...circumstances }),
  'random-rn50x4': z.strictObject({ ...pack, ...circumstances }),
  answer: z.strictObject({ ...answer, ...circumstances }),
})
export type Measured = z.infer<typeof schema>
type Part = keyof Measured
export type Figures<P extends Part = Part> = Omit<Measured[P], keyof typeof circumstances>

const file = join(import.meta.dirname, 'measured.json')

/** What `npm run bench queue` last measured, and where. */
export const readMeasured = async (): Promise<Measured> =>
  schema.parse(JSON.parse(await readFile(file, 'utf8')))

/** Call it before a measurement. @returns what keeps its figures for the capacity model (scripts/capacity.ts) */
export function beginMeasuring() {
  const load = loadavg()[0]!
  return async <P extends Part>(part: P, figures: Figures<P>): Promise<void> => {
    const machine = `${cpus().length} cores, ${cpus()[0]!.model.trim()}`
    const measuredOn = new Date().toISOString().slice(0, 10)
    const before = await readFile(file, 'utf8').catch(() => '{}')
    const all = schema
      .partial()
      .parse({ ...JSON.parse(before), [part]: { machine, measuredOn, load, ...figures } })
    const rounded = JSON.stringify(
      all,
      (_, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value),
      2,
    )
    await writeFile(file, `${rounded}\n`)
  }
}
