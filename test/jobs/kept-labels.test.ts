import { mkdtemp, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Pack } from '../../src/clip/pack.ts'
import { KeptLabels } from '../../src/jobs/kept-labels.ts'
import { pocketPack } from '../pocket-pack.ts'

const log = pino({ level: 'silent' })
const pocket = await pocketPack()
const vocabulary = pocket.vocabulary.slice(0, 20)
const facts = { ...pocket.facts, dimensions: 4 }

/** Counts how often something is computed. */
function counting() {
  const compute = async () => {
    compute.times++
    return vocabulary.map((_, i) => new Float32Array(facts.dimensions).fill(i))
  }
  compute.times = 0
  return compute
}

describe('the embeddings of a pack’s labels', () => {
  let folder: string
  let compute: ReturnType<typeof counting>
  const rowsOf = (changes: Partial<Pick<Pack, 'facts' | 'vocabulary'>> = {}, at = folder) =>
    new KeptLabels(at, { facts, vocabulary, ...changes }, log).rows(compute)
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
    await rowsOf({ vocabulary: [...vocabulary.slice(1), { ...vocabulary[0]!, text: 'another' }] })
    await rowsOf({ facts: { ...facts, prompts: ['a sketch of a {}'] } })
    const files = facts.files.map((one) =>
      one.path === 'text.onnx' ? { ...one, sha256: '0'.repeat(64) } : one,
    )
    await rowsOf({ facts: { ...facts, files } })
    expect(compute.times).toBe(4)
  })

  test('are computed anew if the file is cut off, which puts it right', async () => {
    const first = await rowsOf()
    await truncate(file(), (await stat(file())).size - 1)
    expect(await rowsOf()).toEqual(first)
    await rowsOf()
    expect(compute.times).toBe(2)
  })

  test('are answered even if nothing can be kept', async () => {
    const taken = join(folder, 'taken')
    await writeFile(taken, 'a file where the folder should be')
    expect(await rowsOf({}, taken)).toHaveLength(vocabulary.length * facts.dimensions)
    expect(await readFile(taken, 'utf8')).toContain('a file')
  })
})
