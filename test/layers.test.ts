import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

/**
 * Imports flow one way: a file may import its own layer and those below it in this list. Layers on one line
 * may not import each other. CONTRIBUTING.md has the same table.
 */
const layers: string[][] = [
  ['roots'],
  ['platforms', 'metrics'],
  ['commands'],
  ['chat'],
  ['packs'],
  ['cards'],
  ['games', 'store', 'jobs'],
  ['neurons', 'visualization'],
  ['clip'],
  ['onnx', 'pictures', 'threads'],
  ['errors'],
]

/** Exceptions to the order above, in either direction, each with its reason. */
const exceptions: Record<string, { may?: string[]; mayNot?: string[] }> = {
  // Rules of play are pure: time and seed are arguments.
  games: { mayNot: ['neurons', 'visualization', 'clip', 'onnx', 'pictures', 'threads', 'store', 'jobs'] },
}

const root = join(import.meta.dirname, '..')
const roots = new Set([
  'src/main.ts',
  'src/cli.ts',
  'src/worker.ts',
  'src/wire.ts',
  'src/doctor.ts',
  'src/kinds.ts',
  'src/open-model.ts',
  'src/ticker.ts',
  'src/settings.ts',
  'src/log.ts',
])

/** What every layer may use. */
const forAll = new Set([
  'assets/languages/en.json',
  'src/errors.ts',
  'src/language.ts',
  'src/own.ts',
  'src/redact.ts',
  'src/redis.ts',
  'src/root.ts',
  'src/text.ts',
])

function layerOf(path: string): string {
  if (path.startsWith('commands/')) return 'commands'
  if (forAll.has(path)) return 'errors'
  if (roots.has(path)) return 'roots'
  return path.split('/')[1] ?? path
}

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true, recursive: true })) {
    if (entry.isFile() && entry.name.endsWith('.ts')) yield relative(root, join(entry.parentPath, entry.name))
  }
}

function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map((match) =>
    relative(root, join(root, path, '..', match[1]!)),
  )
}

const files = [...sources('src'), ...sources('commands')]
const rank = (layer: string): number => layers.findIndex((line) => line.includes(layer))

describe('imports flow one way', () => {
  test('every folder of src is a layer of the table', () => {
    expect(files.length).toBeGreaterThan(1)
    expect([...new Set(files.map(layerOf))].filter((layer) => rank(layer) < 0)).toEqual([])
  })

  test.each(files)('%s', (path) => {
    const from = layerOf(path)
    const wrong = importsOf(path).filter((target) => {
      const to = layerOf(target)
      if (to === from) return false
      if (exceptions[from]?.may?.includes(to)) return false
      if (exceptions[from]?.mayNot?.includes(to)) return true
      return rank(to) <= rank(from)
    })
    expect(wrong, `${path} is in layer "${from}" and may not import these`).toEqual([])
  })

  test('only the roots read the environment', () => {
    const readers = files.filter((path) => /process\.env/.test(readFileSync(join(root, path), 'utf8')))
    expect(readers.filter((path) => layerOf(path) !== 'roots')).toEqual([])
  })
})
