import { setMaxListeners } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import type { Engine } from '../src/jobs/engine.ts'
import { createEngine } from '../src/jobs/in-process.ts'
import { log, openBot } from '../test/jobs/queue/fleet.ts'
import { pocketPack } from '../test/pocket-pack.ts'
import { redisIsMissing, startRedis } from '../test/store/servers.ts'
import { startWorker } from './workers.ts'

const samples = 300
/** The number of pictures in the engine at all times. */
const alwaysWaiting = 500
/** Nobody may fill more than a sixteenth of the line. */
const requesters = 20
const queueLimit = 1024

/** The model on threads of this process, and on a worker with one thread behind Redis. */
export const forms = ['in one process', 'with a worker'] as const

/**
 * Measures with an engine that is saturated.
 * @param measure is given a function that asks again and again how long an event waits for its acknowledgement
 */
export async function saturated(
  form: (typeof forms)[number],
  picture: Uint8Array,
  measure: (engine: Engine, times: AcknowledgeTimes) => Promise<void>,
): Promise<void> {
  const pack = await pocketPack()
  if (form === 'in one process') {
    const engine = await createEngine({ pack, provider: 'cpu', threads: 2, queueLimit, log })
    await measure(engine, (ask) => acknowledgeTimes(engine, picture, ask))
    await engine.close()
    return
  }
  if (redisIsMissing) {
    console.log(`\n${form}: not measured, ${redisIsMissing}`)
    return
  }
  const redis = await startRedis('everysec')
  const worker = await startWorker(redis.url, pack.folder)
  const engine = await openBot(redis.url, pack, { queueLimit })
  await measure(engine, (ask) => acknowledgeTimes(engine, picture, ask))
  await engine.close()
  await worker.stop()
  await redis.stop()
}

export type AcknowledgeTimes = (
  ask: (round: number) => Promise<number>,
) => Promise<{ readonly times: readonly number[]; readonly leastWaiting: number }>

/** @param ask sends one event and says after how many milliseconds it was acknowledged */
async function acknowledgeTimes(
  engine: Engine,
  picture: Uint8Array,
  ask: (round: number) => Promise<number>,
): ReturnType<AcknowledgeTimes> {
  const enough = new AbortController()
  setMaxListeners(0, enough.signal)
  const keepBusy = async (n: number): Promise<void> => {
    const requester = { community: `${n % 4}`, person: `crowd ${n % requesters}` }
    while (!enough.signal.aborted)
      await engine.analyse(picture, { requester, signal: enough.signal }).catch(unlessAborted)
  }
  const unlessAborted = (error: unknown): void => {
    if (!enough.signal.aborted) throw error
  }
  const crowd = Promise.all(Array.from({ length: alwaysWaiting }, (_, n) => keepBusy(n)))
  // Lets the first batches run.
  await setTimeout(2000)
  const times: number[] = []
  let leastWaiting = Infinity
  for (let round = 0; round < samples; round += 1) {
    times.push(await ask(round))
    const { waiting, running } = engine.status()
    leastWaiting = Math.min(leastWaiting, waiting + running)
  }
  enough.abort()
  await crowd
  return { times, leastWaiting }
}

/** @param share 0.99 for the 99th percentile */
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1]!
