import { readFile, writeFile } from 'node:fs/promises'
import { readMeasured } from '../bench/measured.ts'
import { withCapacity } from './capacity-table.ts'

/** Rewrites the capacity model in docs/operations.md from bench/measured.json: `npm run capacity`. */
const page = 'docs/operations.md'
await writeFile(page, withCapacity(await readFile(page, 'utf8'), await readMeasured()))
