import { setTimeout as wait } from 'node:timers/promises'
import type { WebSocketOptions } from 'discord.js'
import { z } from 'zod'
import type { RecordKind, Store } from '../../store/store.ts'

/** Discord lets one shard of each bucket identify in this time. */
const identifyEveryMs = 5000
const lookAgainMs = 500

/** A shard of this bucket is identifying. */
export const identifying = {
  name: 'discord-identify',
  version: 1,
  lives: identifyEveryMs,
  schema: z.object({ shard: z.number() }),
} satisfies RecordKind<{ shard: number }>

type BuildThrottler = NonNullable<WebSocketOptions['buildIdentifyThrottler']>
type Manager = Pick<Parameters<BuildThrottler>[0], 'fetchGatewayInformation'>

const scope = { platform: 'discord', community: 'gateway' }

/**
 * One queue for all processes that share a store: discord.js's own only knows its process, and two machines that identify
 * in one bucket at the same time are both disconnected.
 * @see https://discord.com/developers/docs/events/gateway#sharding-max-concurrency
 */
export const identifyInTurn =
  (store: Pick<Store, 'insertIfAbsent'>) =>
  async (manager: Manager): Promise<Awaited<ReturnType<BuildThrottler>>> => {
    const { session_start_limit: limit } = await manager.fetchGatewayInformation()
    return {
      async waitForIdentify(shard, signal) {
        const bucket = String(shard % limit.max_concurrency)
        while (!(await store.insertIfAbsent(identifying, scope, [bucket], { shard })))
          await wait(lookAgainMs, undefined, { signal })
      },
    }
  }
