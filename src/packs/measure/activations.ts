import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { drawLabels, drawWord } from '../../cards/ink-label.ts'
import type { Encoder } from '../../clip/encoder.ts'
import type { VocabularyEntry } from '../../clip/pack-schema.ts'
import { type PackModels, pictureModelHash } from '../../clip/pack.ts'
import { Rows } from './rows.ts'
import type { RawPicture } from '../../pictures/picture.ts'
import { squareOf } from '../../pictures/square.ts'
import type { ProbeSet } from '../../clip/probe-set.ts'

const batchSize = 16
/** Longer words would be rendered so small that no model of 112 px could read them. */
const longestWord = 16

/** The units' mean activations for a list of pictures: [pictures][units]. */
export interface Activations {
  /** mean(map), before the ReLU. */
  readonly before: readonly Float32Array[]
  /** mean(ReLU(map)). */
  readonly after: readonly Float32Array[]
}

/** The same with the pictures' embeddings, L2-normalised. */
export interface Encodings extends Activations {
  readonly embeddings: readonly Float32Array[]
}

export interface RunOptions {
  /** A file that keeps what was measured, so that an interrupted run can resume: a name of keptFile. */
  readonly kept: string
  readonly signal?: AbortSignal
  readonly onProgress: (done: number) => void
}

/**
 * Where a pack keeps what was measured on some pictures. Another model, or other pictures, have another file; what earlier
 * ones left is removed.
 */
export async function keptFile(
  { folder, facts }: PackModels,
  what: 'pictures' | 'words',
  pictures: unknown,
): Promise<string> {
  const key = createHash('sha256').update(JSON.stringify([pictureModelHash(facts), pictures]))
  const name = `.${what}-${key.digest('hex').slice(0, 16)}.f32`
  for (const other of await readdir(folder))
    if (other !== name && other.startsWith(`.${what}-`)) await rm(join(folder, other))
  return join(folder, name)
}

/** Measures a pack on pictures, which must come in the same order each time. */
export async function encodingsOf(
  { facts }: PackModels,
  encoder: Encoder,
  pictures: AsyncIterable<RawPicture>,
  { kept, signal, onProgress }: RunOptions,
): Promise<Encodings> {
  const { dimensions } = facts
  const { channels } = facts.tap
  const rows = await Rows.open(kept, 2 * channels + dimensions)
  try {
    let batch: RawPicture[] = []
    let skip = rows.count
    const run = async () => {
      signal?.throwIfAborted()
      const encoded = await encoder.encodePooled(batch)
      await rows.add(encoded.flatMap(({ means, embedding }) => [means.before, means.after, embedding]))
      batch = []
      onProgress(rows.count)
    }
    for await (const picture of pictures) {
      if (skip-- > 0) continue
      // No report while there is nothing to do: the time left is estimated from the first report.
      if (skip === -1) onProgress(rows.count)
      batch.push(picture)
      if (batch.length === batchSize) await run()
    }
    if (batch.length > 0) await run()
    const all = await rows.read()
    return {
      before: all.map((row) => row.subarray(0, channels)),
      after: all.map((row) => row.subarray(channels, 2 * channels)),
      embeddings: all.map((row) => row.subarray(2 * channels)),
    }
  } finally {
    await rows.close()
  }
}

/** The probe set's pictures in its order, as the model sees them. */
export async function* probePictures({ facts }: PackModels, probe: ProbeSet): AsyncIterable<RawPicture> {
  for (const item of probe.items) yield squareOf(await probe.picture(item), facts.picture.side)
}

/** The ways in which each word is rendered; their activations are averaged. */
const renderings = [
  (word: string, side: number) => drawWord({ word, side }),
  (word: string, side: number) => handwritten(word, side),
]

function handwritten(text: string, side: number): RawPicture {
  const paper = { width: side, height: side, data: new Uint8Array(3 * side * side).fill(255) }
  const middle = { x: side / 2, y: side / 2, size: side * 0.3, angle: 0 }
  return drawLabels({
    picture: paper,
    labels: [{ text, ...middle, colour: '#14306e', style: 'handwriting', paper: false }],
  })
}

export const renderingsOfWord = renderings.length

/** The vocabulary's words, each in print and in handwriting, black and blue on white. */
export function writtenWords(texts: readonly string[]) {
  const words = [...new Set(texts)].filter((text) => text.length <= longestWord)
  return {
    words,
    renderings: words.length * renderings.length,
    async *pictures({ facts }: PackModels): AsyncIterable<RawPicture> {
      for (const word of words) for (const draw of renderings) yield draw(word, facts.picture.side)
    },
  }
}

/** From the activations of `writtenWords`: the first rendering of each name of a thing. */
export function printedNames(
  vocabulary: readonly VocabularyEntry[],
  words: readonly string[],
  written: Activations,
): Activations {
  const things = new Set(
    vocabulary.filter(({ kind }) => kind !== 'word' && kind !== 'topic').map(({ text }) => text),
  )
  const printed = (_row: Float32Array, i: number) =>
    i % renderings.length === 0 && things.has(words[i / renderings.length]!)
  return { before: written.before.filter(printed), after: written.after.filter(printed) }
}
