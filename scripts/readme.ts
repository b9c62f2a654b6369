import { readFile, writeFile } from 'node:fs/promises'
import { commands } from '../commands/index.ts'
import { withCommands } from './command-table.ts'

/** Rewrites the table of commands in README.md: `npm run readme`. */
await writeFile('README.md', withCommands(await readFile('README.md', 'utf8'), commands))
