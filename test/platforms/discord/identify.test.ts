import { expect, test } from 'vitest'
import { identifyInTurn } from '../../../src/platforms/discord/identify.ts'

const gateway = {
  fetchGatewayInformation: async () => ({
    url: 'wss://gateway',
    shards: 4,
    session_start_limit: { total: 1000, remaining: 999, reset_after: 0, max_concurrency: 2 },
  }),
}

/** A store in which a test decides when a record expires. */
function store() {
  const held = new Set<string>()
  return {
    held,
    insertIfAbsent: async (_kind: unknown, _scope: unknown, id: readonly string[]) =>
      !held.has(id.join()) && Boolean(held.add(id.join())),
  }
}

test('with two processes, one shard of a bucket identifies at a time, and other buckets need not wait', async () => {
  const shared = store()
  const [one, two] = await Promise.all([identifyInTurn(shared)(gateway), identifyInTurn(shared)(gateway)])
  const identified: number[] = []
  const identify = async (throttler: typeof one, shard: number): Promise<void> => {
    await throttler.waitForIdentify(shard, new AbortController().signal)
    identified.push(shard)
  }
  await identify(one, 0)
  const waiting = identify(two, 2)
  await identify(two, 1)
  expect(identified).toEqual([0, 1])
  shared.held.delete('0')
  await waiting
  expect(identified).toEqual([0, 1, 2])
})

test('a process that stops also stops waiting', async () => {
  const throttler = await identifyInTurn({ insertIfAbsent: async () => false })(gateway)
  const stopping = new AbortController()
  const waiting = throttler.waitForIdentify(0, stopping.signal)
  stopping.abort()
  await expect(waiting).rejects.toThrow('aborted')
})
