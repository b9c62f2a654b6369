import KeyvRedis, { createClient, type KeyvRedisEntry } from '@keyv/redis'
import { type Driver, keyPages, plainKeyv } from './driver.ts'
import { endOfKeys } from './keys.ts'

/**
 * A sorted set of all keys, all with score 0 and so in byte order: SCAN would read the whole database for every list. A
 * record and its index entry are written in one transaction; only expiry leaves an entry behind, which `livingKeys`
 * removes. (For a single Redis, not a Redis Cluster, where a transaction cannot span slots.)
 */
const index = 'neuron-games:keys'

/** Lists keys and removes expired ones from the index; in a script, so that nobody can write such a key in between. */
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

/** The first connection is tried once, so that a wrong setting shows at start; a lost one is retried for ever. */
function connect(url: string) {
  let connected = false
  const client = createClient({
    url,
    disableOfflineQueue: true, // while Redis is away, calls fail at once instead of hanging
    socket: {
      connectTimeout: 5_000,
      reconnectStrategy: (attempts, cause) => (connected ? Math.min(100 * 2 ** attempts, 2_000) : cause),
    },
  })
  client.once('ready', () => (connected = true))
  return client
}

/** KeyvRedis whose writes maintain the index. */
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
 * Redis keeps what it acknowledged through its own crash only with `appendonly yes` (and loses up to a second of it without
 * `appendfsync always`), and evicts nothing only with `maxmemory-policy noeviction`.
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
      // If the record exists, so does its index entry, and ZADD changes nothing.
      const [reply] = await redis
        .multi()
        .set(key, value, ttlMs ? { NX: true, PX: ttlMs } : { NX: true })
        .zAdd(index, { score: 0, value: key })
        .exec()
      return (reply as unknown) === 'OK'
    },

    keys,

    /** Redis itself deletes expired records; looking at their index entries removes those. */
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
