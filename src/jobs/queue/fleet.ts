import type { Redis } from 'ioredis'
import { z } from 'zod'
import { UserError } from '../../errors.ts'
import type { Provider } from '../engine.ts'
import { type Dialect, workerKey, workersKey } from './names.ts'

/** A worker that has not been heard from for this long is gone. */
const forgottenAfterMs = 15_000
const toldEveryMs = 5000

const member = z.object({
  protocol: z.number(),
  pack: z.string(),
  fingerprint: z.string(),
  provider: z.enum(['cpu', 'cuda', 'webgpu', 'server'] satisfies Provider[]),
})
export type Member = z.infer<typeof member>

/** Announces this worker until it leaves. Errors are ignored: if Redis is down, the worker's own connection reports it. */
export function join(redis: Redis, worker: string, self: Member): { leave(): Promise<void> } {
  const tell = (): void => {
    redis
      .multi()
      .set(workerKey(worker), JSON.stringify(self), 'PX', forgottenAfterMs)
      .sadd(workersKey, worker)
      .exec()
      .catch(() => undefined)
  }
  tell()
  const timer = setInterval(tell, toldEveryMs)
  return {
    async leave() {
      clearInterval(timer)
      await redis
        .multi()
        .del(workerKey(worker))
        .srem(workersKey, worker)
        .exec()
        .catch(() => undefined)
    },
  }
}

/** All workers that are serving now, of any version and pack. */
export async function members(redis: Redis): Promise<Member[]> {
  const workers = await redis.smembers(workersKey)
  if (workers.length === 0) return []
  const values = await redis.mget(workers.map(workerKey))
  const gone = workers.filter((_, n) => values[n] === null)
  if (gone.length > 0) await redis.srem(workersKey, gone)
  return values.flatMap((text) => {
    const parsed = text === null ? undefined : member.safeParse(JSON.parse(text))
    return parsed?.success ? [parsed.data] : []
  })
}

export const speaks = (own: Dialect) => (other: Dialect) =>
  other.protocol === own.protocol && other.pack === own.pack && other.fingerprint === own.fingerprint

/** The workers that serve this bot. */
export const workersFor = async (redis: Redis, own: Dialect): Promise<Member[]> =>
  (await members(redis)).filter(speaks(own))

/** Why no worker serves this bot, in one sentence that says what the running workers do serve. */
export function nobodyServes(own: Dialect, others: readonly Member[]): UserError {
  const strangers = others.filter((other) => !speaks(own)(other))
  if (strangers.length === 0) return new UserError('busy', 'chat.workers.none')
  const served = [...new Set(strangers.map(inWords))].join(', ')
  return new UserError('busy', 'chat.workers.others', { values: { pack: inWords(own), served } })
}

const inWords = ({ pack, fingerprint, protocol }: Dialect): string =>
  `${pack} (${fingerprint}, version ${protocol})`
