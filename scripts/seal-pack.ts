import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Writes into pack.json the sha256 and the size that each of `paths` has now. */
export function sealPack(folder: string, paths: readonly string[]): void {
  const file = join(folder, 'pack.json')
  const facts = JSON.parse(readFileSync(file, 'utf8')) as { files?: { path: string }[] }
  const kept = (facts.files ?? []).filter(({ path }) => !paths.includes(path))
  const sealed = paths.map((path) => {
    const bytes = readFileSync(join(folder, path))
    return { path, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }
  })
  facts.files = [...kept, ...sealed].sort((a, b) => (a.path < b.path ? -1 : 1))
  writeFileSync(file, `${JSON.stringify(facts, null, 2)}\n`)
}
