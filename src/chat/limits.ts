import type { Logger } from 'pino'
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRedis,
} from 'rate-limiter-flexible'

/** How many runs in how many seconds. */
export interface Allowance {
  readonly points: number
  readonly seconds: number
}

/** Makes what counts runs under one name; counts of one name are shared. */
export type OpenLimiter = (name: string, allowance: Allowance) => RateLimiterAbstract

/** Counts in this process: after a restart everybody starts afresh, which harms nobody. */
export const inMemory: OpenLimiter = (keyPrefix, { points, seconds: duration }) =>
  new RateLimiterMemory({ keyPrefix, points, duration })

export interface Limits {
  readonly open: OpenLimiter
  close(): Promise<void>
}

const tableName = 'neuron_cooldowns'
/** As in the store: several processes may start at once. What is lost when the server crashes harms nobody. */
const schema = `
  SELECT pg_advisory_xact_lock(hashtext('${tableName}'));
  CREATE UNLOGGED TABLE IF NOT EXISTS ${tableName}
    (key varchar(255) PRIMARY KEY, points integer NOT NULL DEFAULT 0, expire bigint)`

/**
 * Counts where the store is: in a Redis or PostgreSQL for all processes that share it, with SQLite in memory. While
 * the server is away each process counts for itself.
 */
export async function openLimits(storeUrl: string, log: Logger): Promise<Limits> {
  if (/^rediss?:/.test(storeUrl)) return onRedis(storeUrl, log)
  if (/^postgres(ql)?:/.test(storeUrl)) return onPostgres(storeUrl)
  return { open: inMemory, close: async () => {} }
}

const optionsOf = (name: string, allowance: Allowance) => ({
  keyPrefix: `neuron-games:cooldown:${name}`,
  points: allowance.points,
  duration: allowance.seconds,
  insuranceLimiter: inMemory(name, allowance),
})

async function onRedis(url: string, log: Logger): Promise<Limits> {
  const { Connections, mustAnswer } = await import('../redis.ts')
  const connections = new Connections(url, (error) =>
    log.debug({ err: error }, 'cooldowns are not shared right now'),
  )
  const storeClient = connections.hasty()
  await mustAnswer(storeClient, 'STORE_URL')
  return {
    open: (name, allowance) => new RateLimiterRedis({ ...optionsOf(name, allowance), storeClient }),
    close: async () => connections.close(),
  }
}

async function onPostgres(url: string): Promise<Limits> {
  const { openPool } = await import('../store/postgres.ts')
  const pool = await openPool(url, schema, 4)
  const table = { storeClient: pool, storeType: 'pool', tableName: tableName, tableCreated: true }
  return {
    open: (name, allowance) => new RateLimiterPostgres({ ...optionsOf(name, allowance), ...table }),
    close: () => pool.end(),
  }
}
