import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { schemasFile, schemasNow, type Schemas } from '../test/store/schemas.ts'

/**
 * Adds to test/store/schemas.json the schemas of kinds and versions that are new (`npm run schemas`). What is there
 * stays: a schema that changed needs a new version, and `migrate` from the one before.
 */
const known = existsSync(schemasFile) ? (JSON.parse(await readFile(schemasFile, 'utf8')) as Schemas) : {}
for (const [name, versions] of Object.entries(schemasNow())) known[name] = { ...versions, ...known[name] }
const sorted = Object.fromEntries(Object.entries(known).sort(([a], [b]) => (a < b ? -1 : 1)))
await writeFile(schemasFile, `${JSON.stringify(sorted, null, 2)}\n`)
