import { Pool } from 'pg'
import type { Driver } from './driver.ts'
import { sqlDriver } from './sql.ts'

/**
 * One statement list, hence one transaction; the lock lets several processes start at once, since IF NOT EXISTS
 * alone fails where two create at the same moment. The collation makes keys compare by bytes.
 */
const schema = `
  SELECT pg_advisory_xact_lock(hashtext('neuron_records'));
  CREATE TABLE IF NOT EXISTS neuron_records
    (key text COLLATE "C" PRIMARY KEY, expires bigint, value text NOT NULL);
  CREATE INDEX IF NOT EXISTS neuron_records_expires ON neuron_records (expires) WHERE expires IS NOT NULL`

/**
 * Over pg itself rather than @keyv/postgres: that has no listener for the errors of idle connections, so a
 * restart of the server ends our process, and its table knows neither byte order nor expiry.
 */
export async function openPostgres(url: string): Promise<Driver> {
  const pool = await openPool(url, schema)
  return sqlDriver(
    async (text, values) => (await pool.query(text, [...values])).rows,
    'FOR UPDATE SKIP LOCKED',
    () => pool.end(),
  )
}

/** Connections to a database in which this schema is made first. @param max connections at once; pg's own 10 if left out */
export async function openPool(url: string, tables: string, max?: number): Promise<Pool> {
  const pool = new Pool({ connectionString: url, connectionTimeoutMillis: 5_000, keepAlive: true, max })
  // An idle connection broke: the pool drops it and opens another, and where that fails the query says so.
  pool.on('error', () => {})
  try {
    await pool.query(tables)
  } catch (error) {
    await pool.end()
    throw error
  }
  return pool
}
