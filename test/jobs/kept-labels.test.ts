import { mkdtemp, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { beforeEach, describe, expect, test } from 'vitest'
import type { PackFacts } from '../../src/clip/pack-schema.ts'
import { KeptLabels } from '../../src/jobs/kept-labels.ts'
import { pocketPack } from '../pocket-pack.ts'

const log = pino({ level: 'silent' })
const facts = { ...(await pocketPack()).facts, dimensions: 4 }
const labels = Array.from({ length: 1000 }, (_, i) => `label ${i}`)

/** Counts how often something is computed. */
function counting(rows = labels.length) {
  const compute = async () => {
    compute.times++
    return Array.from({ length: rows }, (_, i) => new Float32Array(facts.dimensions).fill(i))
  }
  compute.times = 0
  return compute
}

describe('the embeddings of a pack’s labels', () => {
  let folder: string
  let compute: ReturnType<typeof counting>
  const rowsOf = (list = labels, own: PackFacts = facts, at = folder) =>
    new KeptLabels(at, own, log).rows(list, compute)
  const file = () => join(folder, 'labels', `${facts.id}.f32`)

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'labels-'))
    compute = counting()
  })

  test('are computed once, and read at the next start', async () => {
    const first = await rowsOf()
    expect(await rowsOf()).toEqual(first)
    expect(first[facts.dimensions * 2]).toBe(2)
    expect(compute.times).toBe(1)
  })

  test('are computed anew for other labels, other prompts or another text model', async () => {
    await rowsOf()
    await rowsOf(['another', ...labels.slice(1)])
    await rowsOf(labels, { ...facts, prompts: ['a sketch of a {}'] })
    const files = facts.files.map((one) =>
      one.path === 'text.onnx' ? { ...one, sha256: '0'.repeat(64) } : one,
    )
    await rowsOf(labels, { ...facts, files })
    expect(compute.times).toBe(4)
  })

  test('are computed anew if the file is cut off, and put it right', async () => {
    const first = await rowsOf()
    const { size } = await stat(file())
    await truncate(file(), size - 1)
    expect(await rowsOf()).toEqual(first)
    await rowsOf()
    expect(compute.times).toBe(2)
  })

  test('are answered even where nothing can be kept', async () => {
    const taken = join(folder, 'taken')
    await writeFile(taken, 'a file where the folder should be')
    expect(await rowsOf(labels, facts, taken)).toHaveLength(labels.length * facts.dimensions)
    expect(await readFile(taken, 'utf8')).toContain('a file')
  })

  test('are not kept for a few words of a person', async () => {
    compute = counting(3)
    for (let time = 0; time < 2; time++) await rowsOf(['newt', 'eft', 'frog'])
    expect(compute.times).toBe(2)
  })
})
