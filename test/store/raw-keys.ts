import { createClient } from '@libsql/client/sqlite3'
import { Redis } from 'ioredis'
import { Pool } from 'pg'

const all = 'SELECT key FROM neuron_records ORDER BY key'

/** The keys of all records that are really in a database, even expired ones. */
export async function rawKeys(url: string): Promise<string[]> {
  if (url.startsWith('redis:')) {
    const redis = new Redis(url)
    const keys = await redis.keys('test:*')
    redis.disconnect()
    return keys.sort()
  }
  if (url.startsWith('postgres:')) {
    const pool = new Pool({ connectionString: url })
    const { rows } = await pool.query<{ key: string }>(all)
    await pool.end()
    return rows.map(({ key }) => key)
  }
  const client = createClient({
    url: `file:${encodeURI(url.slice('sqlite://'.length)).replaceAll('?', '%3F').replaceAll('#', '%23')}`,
  })
  const { rows } = await client.execute(all)
  client.close()
  return rows.map((row) => row['key'] as string)
}
