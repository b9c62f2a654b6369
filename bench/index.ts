/** All benchmarks, one after another, each in a process of its own: `npm run bench`, or some by their names. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const all = [
  'engine',
  'peer',
  'memory',
  'gradient',
  'visualization',
  'acknowledge-slack',
  'acknowledge-discord',
  'queue',
  'flood',
]
const asked = process.argv.slice(2)

for (const name of asked.length > 0 ? asked : all) {
  const file = join(import.meta.dirname, `${name}.ts`)
  const child = spawn(process.execPath, ['--import', 'tsx', file], { stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  if (code !== 0) process.exitCode = 1
}
