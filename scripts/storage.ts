import { readFile, writeFile } from 'node:fs/promises'
import { recordKinds } from '../src/kinds.ts'
import { withTerms } from './storage-table.ts'

/** Rewrites the table of what is kept, and for how long, in docs/operations.md: `npm run storage`. */
const page = 'docs/operations.md'
await writeFile(page, withTerms(await readFile(page, 'utf8'), recordKinds))
