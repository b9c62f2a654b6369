import { Redis, type RedisOptions } from 'ioredis'
import { UserError } from '../../errors.ts'

/** A connection that has not come about by then is not coming. */
const CONNECT_WITHIN_MS = 5000
const LONGEST_PAUSE_MS = 2000

/**
 * @param waits true for a connection that waits for work for ever, as a worker's does; false for one whose commands
 * fail at once while Redis is away, so that a person gets a sentence instead of silence
 */
export function connectRedis(url: string, waits: boolean, onError: (error: Error) => void): Redis {
  const options: RedisOptions = {
    connectTimeout: CONNECT_WITHIN_MS,
    retryStrategy: (tries) => Math.min(tries * 100, LONGEST_PAUSE_MS),
    ...(waits
      ? { maxRetriesPerRequest: null }
      : { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: CONNECT_WITHIN_MS }),
  }
  const redis = new Redis(url, options)
  // ioredis raises 'error' at every try: without a listener each would end the process.
  redis.on('error', onError)
  return redis
}

/** @throws UserError 'bad-settings' without the password, if Redis does not answer. */
export async function mustAnswer(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return
  const { host, port } = redis.options
  const timeout = AbortSignal.timeout(CONNECT_WITHIN_MS)
  await new Promise<void>((done, fail) => {
    redis.once('ready', done)
    timeout.addEventListener('abort', () =>
      fail(new UserError('bad-settings', `Redis at ${host}:${port} does not answer: check QUEUE_URL.`)),
    )
  })
}
