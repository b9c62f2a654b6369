import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { projectRoot } from '../src/root.ts'

const folder = join(projectRoot, 'node_modules/.cache/children')

/**
 * Compiles what tests start in processes of their own, `child.ts` and `…-child.ts`, so that plain Node can run it. Each
 * becomes one file: finding and linking a thousand modules takes twice as long.
 * @param source from the project's root
 */
export const compiled = (source: string): string => join(folder, source.replace(/\.ts$/, '.js'))

/** Packages that look for files of their own beside them: native code, or a thread's. */
const external = [
  '@libsql/*',
  '@napi-rs/canvas',
  'emulate',
  'libsql',
  'onnxruntime-node',
  'pino',
  'piscina',
  'sharp',
]

/** CommonJS code asks for these, which ES modules don't have. */
const banner = `
import { createRequire as requireFrom } from 'node:module'
Object.assign(globalThis, {
  require: requireFrom(import.meta.url),
  __filename: import.meta.filename,
  __dirname: import.meta.dirname,
})
`

/** Vitest calls this once, before all tests. */
export default async function compileChildren(): Promise<void> {
  const files = await readdir(join(projectRoot, 'test'), { recursive: true })
  await build({
    entryPoints: files
      .filter((file) => file.endsWith('child.ts'))
      .map((file) => join(projectRoot, 'test', file)),
    outdir: folder,
    outbase: projectRoot,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: banner },
    external,
    logLevel: 'error',
  })
}
