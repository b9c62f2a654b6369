import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from '../src/root.ts'

/**
 * Compiles what a test starts in processes of its own: through tsx each start takes seconds more. Types are
 * `npm run check`'s business.
 * @param source from the project's root
 * @returns the file to start
 */
export async function compiled(source: string): Promise<string> {
  const folder = join(projectRoot, 'node_modules/.cache/children', source.replace(/\W/g, '-'))
  await mkdir(folder, { recursive: true })
  const config = join(folder, 'tsconfig.json')
  const compilerOptions = {
    noEmit: false,
    noCheck: true,
    incremental: true,
    rootDir: projectRoot,
    outDir: folder,
  }
  const files = [join(projectRoot, source)]
  await writeFile(
    config,
    JSON.stringify({ extends: join(projectRoot, 'tsconfig.json'), compilerOptions, files, include: [] }),
  )
  const compiler = join(projectRoot, 'node_modules/typescript/bin/tsc')
  await promisify(execFile)(process.execPath, [compiler, '-p', config])
  return join(folder, source.replace(/\.ts$/, '.js'))
}
