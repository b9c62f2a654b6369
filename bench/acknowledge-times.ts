import type { Engine } from '../src/jobs/engine.ts'

const samples = 300
/** More than any batch: a queue stands behind the model all the time. */
const alwaysWaiting = 96
const requesters = 8

/**
 * How long a platform waits for the first sign, while the engine is saturated.
 * @param ask sends one event and tells after how many milliseconds it was acknowledged
 */
export async function acknowledgeTimes(
  engine: Engine,
  picture: Uint8Array,
  ask: (round: number) => Promise<number>,
): Promise<{ readonly times: readonly number[]; readonly leastWaiting: number }> {
  const enough = new AbortController()
  const keepBusy = async (worker: number): Promise<void> => {
    while (!enough.signal.aborted)
      await engine.analyse(picture, {
        requester: { community: 'home', person: `crowd ${worker % requesters}` },
      })
  }
  const crowd = Array.from({ length: alwaysWaiting }, (_, worker) => keepBusy(worker))
  // Lets the first batches run.
  await engine.analyse(picture, { requester: { community: 'home', person: 'last' } })
  const times: number[] = []
  let leastWaiting = Infinity
  for (let round = 0; round < samples; round += 1) {
    times.push(await ask(round))
    const { waiting, running } = engine.status()
    leastWaiting = Math.min(leastWaiting, waiting + running)
  }
  enough.abort()
  await Promise.all(crowd)
  return { times, leastWaiting }
}

/** @param share 0.99 for the 99th percentile */
export const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1]!
