import { existsSync } from 'node:fs'
import { ownerError } from '../errors.ts'
import type { Driver } from './driver.ts'
import { Records, type OnDamaged } from './records.ts'
import type { Store } from './store.ts'

const forms = 'sqlite://file, redis://host or postgres://host/database'

/** A database's packages are loaded only if the URL asks for it. */
const servers: Record<string, (url: string) => Promise<Driver>> = {
  'redis:': async (url) => (await import('./redis.ts')).openRedis(url),
  'rediss:': async (url) => (await import('./redis.ts')).openRedis(url),
  'postgres:': async (url) => (await import('./postgres.ts')).openPostgres(url),
  'postgresql:': async (url) => (await import('./postgres.ts')).openPostgres(url),
}

/**
 * Opens the store behind the setting STORE_URL and creates its table if there is none. URLs:
 * `sqlite://folder/file` (relative; `sqlite:///folder/file` is absolute, `sqlite::memory:` is not saved),
 * `redis://user:password@host:port/number` (TLS: `rediss://`) or `postgres://user:password@host:port/database`.
 * @param onDamaged told of each record that cannot be read
 * @throws UserError 'bad-settings' in one sentence, without the password, if it cannot be opened or written.
 */
export async function openStore(url: string, onDamaged: OnDamaged = () => {}): Promise<Store> {
  return new Records(await openDriver(url), onDamaged)
}

/**
 * For callers that only read: opening a SQLite file that doesn't exist would create it.
 * @throws UserError 'bad-settings'
 */
export function mustExist(url: string): void {
  const path = url.startsWith('sqlite:') ? sqlitePath(url) : ':memory:'
  if (path !== ':memory:' && !existsSync(path))
    throw ownerError('bad-settings', `There is no store at ${path}: check STORE_URL.`)
}

const sqlitePath = (url: string): string => url.slice('sqlite:'.length).replace(/^\/\//, '')

/** The database behind the setting STORE_URL, without types and versions; otherwise as openStore. */
export async function openDriver(url: string): Promise<Driver> {
  if (url.startsWith('sqlite:')) {
    const path = sqlitePath(url)
    if (path === '') throw ownerError('bad-settings', 'STORE_URL names no file: write sqlite://file.')
    return told(`the SQLite file ${path}`, async () => (await import('./sqlite.ts')).openSqlite(path))
  }
  const { protocol, host, pathname, search, hash } = URL.canParse(url) ? new URL(url) : ({} as Partial<URL>)
  // An @ after the host: part of the password was parsed as the host, and naming that would reveal it.
  if (!protocol || `${pathname}${search}${hash}`.includes('@'))
    throw ownerError(
      'bad-settings',
      `STORE_URL is not a URL of the form ${forms} (in a password / ? # @ are written %2F %3F %23 %40).`,
    )
  const open = servers[protocol]
  if (!open) throw ownerError('bad-settings', `STORE_URL begins with ${protocol}, not with ${forms}.`)
  return told(`${protocol}//${host}`, () => open(url))
}

/** Turns what went wrong into a sentence. */
async function told(place: string, open: () => Promise<Driver>): Promise<Driver> {
  try {
    return await open()
  } catch (error) {
    // An AggregateError (a name with two addresses) has no message, only a code.
    const { message, code } = error as NodeJS.ErrnoException
    throw ownerError(
      'bad-settings',
      `The store at ${place} cannot be opened (${message || code}): check STORE_URL.`,
      {
        cause: error,
      },
    )
  }
}
