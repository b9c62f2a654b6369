import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeContract } from './store.contract.ts'

storeContract('SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'store-sqlite-'))
  return {
    url: `sqlite://${join(folder, 'a new folder', 'games 100%?#.db')}`,
    stop: () => rmSync(folder, { recursive: true, force: true }),
  }
})
