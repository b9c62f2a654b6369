/**
 * How well a pack's model names the pictures of its probe set, by kind and by whether it learned from their source:
 *   npx tsx scripts/measure-probe-set.ts [FOLDER]
 * Pictures are named with the pack's first prompt, once against every name of a thing in the vocabulary and once,
 * if they show one of them, against the probe set's own list of labels; written words against the whole vocabulary.
 */
import { join } from 'node:path'
import { createEncoder } from '../src/clip/encoder.ts'
import { openPack } from '../src/clip/pack.ts'
import { squareOf } from '../src/pictures/square.ts'
import { openProbeSet } from '../src/clip/probe-set.ts'
import { projectRoot } from '../src/root.ts'

const batchSize = 64
const folder = process.argv[2] ?? join(projectRoot, 'models', 'pocket')

const pack = await openPack(folder)
const probe = await openProbeSet(join(folder, 'probe'))
const encoder = await createEncoder(pack, { provider: 'cpu', threads: 1 })
const prompt = pack.facts.prompts[0]!

const namesOf = async (labels: readonly string[]) => ({
  labels,
  embeddings: await encoder.encodeTexts(labels.map((label) => prompt.replace('{}', label))),
})
const unique = (labels: readonly string[]) => [...new Set(labels)]
const isThing = (kind: string) => kind !== 'word' && kind !== 'topic'
const vocabulary = await namesOf(unique(pack.vocabulary.map(({ text }) => text)))
const things = await namesOf(
  unique(pack.vocabulary.filter(({ kind }) => isThing(kind)).map(({ text }) => text)),
)
const stated = await namesOf(probe.labels)

const similarity = (a: Float32Array, b: Float32Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** The place of the true label among all, best first, from 0. */
function rankOf(picture: Float32Array, label: string, { labels, embeddings }: typeof stated): number {
  const own = similarity(picture, embeddings[labels.indexOf(label)]!)
  return embeddings.filter((embedding) => similarity(picture, embedding) > own).length
}

const rows = new Map<string, number[]>()
const count = (row: string, rank: number) => rows.set(row, [...(rows.get(row) ?? []), rank])
for (let at = 0; at < probe.items.length; at += batchSize) {
  const items = probe.items.slice(at, at + batchSize)
  const squares = []
  for (const item of items) squares.push(squareOf(await probe.picture(item), pack.facts.picture.side))
  for (const [i, { embedding }] of (await encoder.encodePooled(squares)).entries()) {
    const { label, kind, heldOut } = items[i]!
    const source = heldOut ? 'unseen' : 'learned'
    const all = kind === 'word' ? vocabulary : things
    count(`${kind}, ${source}, of ${all.labels.length}`, rankOf(embedding, label, all))
    if (kind === 'word' || !stated.labels.includes(label)) continue
    const rank = rankOf(embedding, label, stated)
    count(`${kind}, ${source}, of ${stated.labels.length}`, rank)
    count(`all but words, of ${stated.labels.length}`, rank)
  }
}
const share = (ranks: number[], top: number) =>
  `${((100 * ranks.filter((rank) => rank < top).length) / ranks.length).toFixed(1)} %`
console.table(
  Object.fromEntries(
    [...rows.keys()].sort().map((row) => {
      const ranks = rows.get(row)!
      const right = ranks.filter((rank) => rank === 0).length
      return [row, { pictures: ranks.length, right, 'top 1': share(ranks, 1), 'top 5': share(ranks, 5) }]
    }),
  ),
)
await encoder.close()
