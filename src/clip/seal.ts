import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Streams the file, which may be too large to be read at once. */
export async function fileHash(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { sha256: hash.digest('hex'), bytes }
}

/** Records in pack.json the current sha256 and size of each of `paths`. */
export async function sealPack(folder: string, paths: readonly string[]): Promise<void> {
  const file = join(folder, 'pack.json')
  const facts = JSON.parse(await readFile(file, 'utf8')) as { files?: { path: string }[] }
  const kept = (facts.files ?? []).filter(({ path }) => !paths.includes(path))
  const sealed = await Promise.all(
    paths.map(async (path) => ({ path, ...(await fileHash(join(folder, path))) })),
  )
  facts.files = [...kept, ...sealed].sort((a, b) => (a.path < b.path ? -1 : 1))
  await writeFile(file, `${JSON.stringify(facts, null, 2)}\n`)
}
