import type { KeyvEntry } from 'keyv'
import { type Adapter, type Driver, plainKeyv } from './driver.ts'

/** Runs one statement with parameters $1, $2, … in a transaction of its own. */
export type Query = (
  text: string,
  values: readonly (string | number | null)[],
) => Promise<readonly Record<string, unknown>[]>

/** How many expired records are deleted along with a write, and by one statement of a sweep. */
const [FEW, MANY] = [20, 500]

const living = (now: string): string => `(expires IS NULL OR expires > ${now})`

/** $1, $2, … $count */
const parameters = (count: number): string => Array.from({ length: count }, (_, i) => `$${i + 1}`).join(', ')

const expiry = (ttlMs: number | undefined): number | null => (ttlMs ? Date.now() + ttlMs : null)

/**
 * A driver over a table neuron_records (key, expires, value) whose keys compare by bytes. SQLite and PostgreSQL both
 * understand the statements.
 * @param rowLock keeps two sweeps from waiting for each other ('' if writers take turns anyway).
 */
export function sqlDriver(query: Query, rowLock: string, disconnect: () => Promise<void>): Driver {
  const sweep = (atMost: number) =>
    query(
      `DELETE FROM neuron_records WHERE key IN
        (SELECT key FROM neuron_records WHERE expires <= $1 ORDER BY expires LIMIT ${atMost} ${rowLock})
        RETURNING key`,
      [Date.now()],
    )
  /** Each write of records that will expire deletes a few that have, so that they never pile up. */
  const sweepSome = () => sweep(FEW)

  return {
    keyv: plainKeyv(sqlAdapter(query, sweepSome, disconnect)),

    async insertIfAbsent(key, value, ttlMs) {
      if (ttlMs) await sweepSome()
      const written = await query(
        `INSERT INTO neuron_records (key, expires, value) VALUES ($1, $2, $3)
          ON CONFLICT (key) DO UPDATE SET expires = excluded.expires, value = excluded.value
          WHERE neuron_records.expires <= $4 RETURNING key`,
        [key, expiry(ttlMs), value, Date.now()],
      )
      return written.length > 0
    },

    async keys(from, to, limit) {
      const rows = await query(
        `SELECT key FROM neuron_records WHERE key >= $1 AND key < $2 AND ${living('$3')} ORDER BY key LIMIT $4`,
        [from, to, Date.now(), limit],
      )
      return rows.map((row) => row['key'] as string)
    },

    async sweep() {
      while ((await sweep(MANY)).length === MANY);
    },

    async deleteRange(from, to) {
      const gone = await query(
        `DELETE FROM neuron_records WHERE key >= $1 AND key < $2
          RETURNING CASE WHEN ${living('$3')} THEN 1 ELSE 0 END AS living`,
        [from, to, Date.now()],
      )
      return gone.filter((row) => Number(row['living']) === 1).length
    },
  }
}

/** @param sweepSome called before records are written that will expire */
function sqlAdapter(
  query: Query,
  sweepSome: () => Promise<unknown>,
  disconnect: () => Promise<void>,
): Adapter {
  const adapter = {
    async get(key: string) {
      const [row] = await query(`SELECT value FROM neuron_records WHERE key = $1 AND ${living('$2')}`, [
        key,
        Date.now(),
      ])
      return row?.['value']
    },

    async getMany(keys: string[]) {
      const rows = await query(
        `SELECT key, value FROM neuron_records
          WHERE key IN (${parameters(keys.length)}) AND ${living(`$${keys.length + 1}`)}`,
        [...keys, Date.now()],
      )
      const values = new Map(rows.map((row) => [row['key'], row['value']]))
      return keys.map((key) => values.get(key))
    },

    async set(key: string, value: string, ttl?: number) {
      await adapter.setMany([{ key, value, ...(ttl && { ttl }) }])
    },

    async setMany(entries: KeyvEntry[]) {
      if (entries.some((entry) => entry.ttl)) await sweepSome()
      const rows = entries.map((_, i) => `($${3 * i + 1}, $${3 * i + 2}, $${3 * i + 3})`)
      await query(
        `INSERT INTO neuron_records (key, expires, value) VALUES ${rows.join(', ')}
          ON CONFLICT (key) DO UPDATE SET expires = excluded.expires, value = excluded.value`,
        entries.flatMap(({ key, value, ttl }) => [key, expiry(ttl), value as string]),
      )
    },

    async delete(key: string) {
      const gone = await query(
        `DELETE FROM neuron_records WHERE key = $1 AND ${living('$2')} RETURNING key`,
        [key, Date.now()],
      )
      return gone.length > 0
    },

    async clear() {
      await query('DELETE FROM neuron_records', [])
    },

    disconnect,
  }
  return adapter as Adapter
}
