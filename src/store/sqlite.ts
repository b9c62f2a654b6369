import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createClient } from '@libsql/client/sqlite3'
import type { Driver } from './driver.ts'
import { sqlDriver } from './sql.ts'

/** @param path a file, created with its folder if it doesn't exist, or ':memory:'. */
export async function openSqlite(path: string): Promise<Driver> {
  const file = resolve(path)
  if (path !== ':memory:') mkdirSync(dirname(file), { recursive: true })
  const client = createClient({
    url: path === ':memory:' ? path : pathToFileURL(file).href,
    concurrency: 1, // one connection, so that the pragmas below hold for every statement
    timeout: 5_000, // another process may be writing
  })
  try {
    await client.execute('PRAGMA journal_mode = WAL')
    // Acknowledged is written: with FULL each commit reaches the disk before the call returns.
    await client.execute('PRAGMA synchronous = FULL')
    await client.execute(
      'CREATE TABLE IF NOT EXISTS neuron_records (key TEXT PRIMARY KEY, expires INTEGER, value TEXT NOT NULL)',
    )
    await client.execute(
      'CREATE INDEX IF NOT EXISTS neuron_records_expires ON neuron_records (expires) WHERE expires IS NOT NULL',
    )
    // A read-only file can be opened and read; a bot that cannot write must fail at start.
    await client.execute("DELETE FROM neuron_records WHERE key = '~'") // no key is '~'
  } catch (error) {
    client.close()
    throw error
  }
  return sqlDriver(
    async (text, values) => {
      const numbered = text.replaceAll(/\$(\d+)/g, '?$1') // SQLite's spelling of $1
      const { rows } = await client.execute({ sql: numbered, args: [...values] })
      return rows
    },
    '',
    async () => client.close(),
  )
}
