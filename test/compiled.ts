import { execFile } from 'node:child_process'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from '../src/root.ts'

const folder = join(projectRoot, 'node_modules/.cache/children')

/**
 * What a test starts in a process of its own, `child.ts` and `…-child.ts`, to be started by Node itself: through tsx
 * each start takes a second more.
 * @param source from the project's root
 */
export const compiled = (source: string): string => join(folder, source.replace(/\.ts$/, '.js'))

/** Vitest calls this once, before all tests. Types are `npm run check`'s business. */
export default async function compileChildren(): Promise<void> {
  await mkdir(folder, { recursive: true })
  const config = join(folder, 'tsconfig.json')
  const compilerOptions = {
    noEmit: false,
    noCheck: true,
    incremental: true,
    rootDir: projectRoot,
    outDir: folder,
  }
  const files = (await readdir(join(projectRoot, 'test'), { recursive: true }))
    .filter((file) => file.endsWith('child.ts'))
    .map((file) => join(projectRoot, 'test', file))
  await writeFile(
    config,
    JSON.stringify({ extends: join(projectRoot, 'tsconfig.json'), compilerOptions, files, include: [] }),
  )
  const compiler = join(projectRoot, 'node_modules/typescript/bin/tsc')
  await promisify(execFile)(process.execPath, [compiler, '-p', config])
}
