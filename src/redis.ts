import { Redis, type RedisOptions } from 'ioredis'
import { ownerError } from './errors.ts'

/** A server that has not answered by then is taken to be down. */
const connectWithinMs = 5000
const longestPauseMs = 2000

/**
 * Connections to one Redis, for the queue and for cooldowns, closed together, because BullMQ doesn't close connections that
 * it is given. (The store has Keyv's client.)
 */
export class Connections {
  readonly #url: string
  readonly #onError: (error: Error) => void
  readonly #open: Redis[] = []

  constructor(url: string, onError: (error: Error) => void) {
    this.#url = url
    this.#onError = onError
  }

  /** For callers that wait as long as it takes, like a worker. */
  patient(): Redis {
    return this.#connect({ maxRetriesPerRequest: null })
  }

  /** Its commands fail at once while Redis is away, so that people get an answer instead of silence. */
  hasty(): Redis {
    return this.#connect({
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: connectWithinMs,
    })
  }

  close(): void {
    for (const redis of this.#open) redis.disconnect()
  }

  #connect(options: RedisOptions): Redis {
    const redis = new Redis(this.#url, {
      connectTimeout: connectWithinMs,
      retryStrategy: (tries) => Math.min(tries * 100, longestPauseMs),
      ...options,
    })
    // ioredis emits 'error' on every attempt, and prints it if nobody listens.
    redis.on('error', this.#onError)
    this.#open.push(redis)
    return redis
  }
}

/** @throws UserError 'bad-settings' that names the setting, but not the password, if Redis does not answer. */
export async function mustAnswer(redis: Redis, setting = 'QUEUE_URL'): Promise<void> {
  if (redis.status === 'ready') return
  const { host, port } = redis.options
  const timeout = AbortSignal.timeout(connectWithinMs)
  await new Promise<void>((done, fail) => {
    redis.once('ready', done)
    timeout.addEventListener('abort', () =>
      fail(ownerError('bad-settings', `Redis at ${host}:${port} does not answer: check ${setting}.`)),
    )
  })
}
