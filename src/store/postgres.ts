import { Pool } from 'pg'
import type { Driver } from './driver.ts'
import { sqlDriver } from './sql.ts'

/**
 * One statement list, hence one transaction. The lock lets several processes start at once: IF NOT EXISTS by itself fails
 * if two create at the same moment. The collation makes keys compare by bytes.
 */
const schema = `
  SELECT pg_advisory_xact_lock(hashtext('neuron_records'));
  CREATE TABLE IF NOT EXISTS neuron_records
    (key text COLLATE "C" PRIMARY KEY, expires bigint, value text NOT NULL);
  CREATE INDEX IF NOT EXISTS neuron_records_expires ON neuron_records (expires) WHERE expires IS NOT NULL`

/**
 * Uses pg itself rather than @keyv/postgres, which has no listener for errors of idle connections, so that a restart of
 * the server would end our process, and whose table has neither byte order nor expiry.
 */
export async function openPostgres(url: string): Promise<Driver> {
  const pool = await openPool(url, schema)
  return sqlDriver(
    async (text, values) => (await pool.query(text, [...values])).rows,
    'FOR UPDATE SKIP LOCKED',
    () => pool.end(),
  )
}

/** Connections to a database, in which the given tables are created first. @param max connections; by default pg's 10 */
export async function openPool(url: string, tables: string, max?: number): Promise<Pool> {
  const pool = new Pool({ connectionString: url, connectionTimeoutMillis: 5_000, keepAlive: true, max })
  // An idle connection broke: the pool drops it and opens another; if that fails, the query rejects.
  pool.on('error', () => {})
  try {
    await pool.query(tables)
  } catch (error) {
    await pool.end()
    throw error
  }
  return pool
}
