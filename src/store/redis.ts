import KeyvRedis, { createClient, type KeyvRedisEntry } from '@keyv/redis'
import { type Driver, keyPages, plainKeyv } from './driver.ts'
import { endOfKeys } from './keys.ts'

/**
 * A sorted set of all keys, all of score 0 and so in byte order: SCAN would read the whole database for every
 * list. A record and its place in the index are written in one transaction; only expiry leaves a key behind,
 * which `livingKeys` takes out. (One Redis, not a Redis Cluster: a transaction there cannot span slots.)
 */
const index = 'neuron-games:keys'

/** Takes what has expired out of the index as it goes: in a script nobody can write that key in between. */
const livingKeys = `
  local living, from, limit = {}, ARGV[1], tonumber(ARGV[3])
  repeat
    local found = redis.call('ZRANGEBYLEX', KEYS[1], from, ARGV[2], 'LIMIT', 0, limit - #living)
    for _, key in ipairs(found) do
      if redis.call('EXISTS', key) == 1 then living[#living + 1] = key else redis.call('ZREM', KEYS[1], key) end
      from = '(' .. key
    end
  until #found == 0 or #living == limit
  return living`

type Client = ReturnType<typeof connect>

/** The first connection is tried once, so that a wrong setting is told at start; a lost one is sought for ever. */
function connect(url: string) {
  let connected = false
  const client = createClient({
    url,
    disableOfflineQueue: true, // while Redis is away a call fails at once rather than hangs
    socket: {
      connectTimeout: 5_000,
      reconnectStrategy: (attempts, cause) => (connected ? Math.min(100 * 2 ** attempts, 2_000) : cause),
    },
  })
  client.once('ready', () => (connected = true))
  return client
}

/** KeyvRedis whose writes keep the index. */
class IndexedRedis extends KeyvRedis<string> {
  readonly #redis: Client

  constructor(redis: Client) {
    super(redis, { throwOnErrors: true })
    this.#redis = redis
  }

  override async set(key: string, value: string, ttl?: number): Promise<void> {
    await this.setMany([{ key, value, ...(ttl && { ttl }) }])
  }

  override async setMany(entries: KeyvRedisEntry<string>[]): Promise<void> {
    const transaction = this.#redis.multi()
    for (const { key, value, ttl } of entries)
      transaction.set(key, value, ttl ? { PX: ttl } : {}).zAdd(index, { score: 0, value: key })
    await transaction.exec()
  }

  override async delete(key: string): Promise<boolean> {
    return (await this.deleteKeys([key])) > 0
  }

  async deleteKeys(keys: string[]): Promise<number> {
    const [deleted] = await this.#redis.multi().unlink(keys).zRem(index, keys).exec()
    return Number(deleted)
  }
}

/**
 * Redis keeps what it acknowledged through a crash of its own only with `appendonly yes` (and loses up to a
 * second of it unless `appendfsync always`), and all of it only with `maxmemory-policy noeviction`.
 */
export async function openRedis(url: string): Promise<Driver> {
  const redis = connect(url)
  const adapter = new IndexedRedis(redis) // listens to the client's errors from here on
  await redis.connect()

  async function keys(from: string, to: string, limit: number): Promise<string[]> {
    const found = await redis.eval(livingKeys, {
      keys: [index],
      arguments: [`[${from}`, `(${to}`, String(limit)],
    })
    return found as unknown as string[]
  }

  return {
    keyv: plainKeyv(adapter),

    async insertIfAbsent(key, value, ttlMs) {
      // Where the record is there already, its place in the index is too, and ZADD changes nothing.
      const [reply] = await redis
        .multi()
        .set(key, value, ttlMs ? { NX: true, PX: ttlMs } : { NX: true })
        .zAdd(index, { score: 0, value: key })
        .exec()
      return (reply as unknown) === 'OK'
    },

    keys,

    /** Redis itself deletes what has expired; its place in the index goes when it is looked at. */
    async sweep() {
      for await (const _ of keyPages({ keys }, '', endOfKeys, 1_000));
    },

    async deleteRange(from, to) {
      let deleted = 0
      for (let page; (page = await keys(from, to, 1_000)).length > 0;)
        deleted += await adapter.deleteKeys(page)
      return deleted
    },
  }
}
