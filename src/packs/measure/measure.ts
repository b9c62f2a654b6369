import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createEncoder, type Encoder } from '../../clip/encoder.ts'
import { packFiles, tuningFile, type VocabularyEntry, vocabularySchema } from '../../clip/pack-schema.ts'
import { type PackModels, openPackModels, readPackFile } from '../../clip/pack.ts'
import { openProbeSetOf, type ProbeSet } from '../../clip/probe-set.ts'
import { sealPack } from '../../clip/seal.ts'
import { publishedWords } from '../published.ts'
import {
  type Activations,
  encodingsOf,
  type Encodings,
  keptFile,
  printedNames,
  probePictures,
  writtenWords,
} from './activations.ts'
import { baselineOf } from './baseline.ts'
import { writeCalibration } from './calibration.ts'
import { tuningOf } from './tuning.ts'

export interface MeasureOptions {
  /** The probe set's folder; by default the pack's own set, or else the pocket pack's. */
  readonly probeFolder?: string
  readonly threads: number
  readonly signal?: AbortSignal
  /** @param total pictures and renderings of words together */
  readonly onProgress: (done: number, total: number) => void
}

/** What was measured, and what it was measured with. */
export interface Measured {
  readonly model: PackModels
  readonly encoder: Encoder
  readonly probe: ProbeSet
  readonly vocabulary: readonly VocabularyEntry[]
  /** On the probe set's items. */
  readonly pictures: Encodings
  readonly words: readonly string[]
  /** On the words' renderings, those of one word after the other. */
  readonly written: Activations
}

/**
 * Shows a pack its probe set and written words, and hands `use` the units' activations. It can be interrupted at any time
 * and resumes from there. What the pack made of the probe set is kept: names are looked for in it later.
 */
export async function withMeasured<T>(
  folder: string,
  { probeFolder, threads, signal, onProgress }: MeasureOptions,
  use: (measured: Measured) => Promise<T>,
): Promise<T> {
  return withOpened(folder, { probeFolder, threads }, async ({ model, encoder, probe, vocabulary }) => {
    const words = writtenWords(publishedWords(model.facts) ?? vocabulary.map(({ text }) => text))
    const total = probe.items.length + words.renderings
    const run = (kept: string, from: number) => ({
      kept,
      ...(signal && { signal }),
      onProgress: (done: number) => onProgress(from + done, total),
    })
    const pictures = await encodingsOf(
      model,
      encoder,
      probePictures(model, probe),
      run(await keptFile(model, 'pictures', probe.sha256), 0),
    )
    const keptWords = await keptFile(model, 'words', words.words)
    const written = await encodingsOf(
      model,
      encoder,
      words.pictures(model),
      run(keptWords, probe.items.length),
    )
    const result = await use({ model, encoder, probe, vocabulary, pictures, words: words.words, written })
    await rm(keptWords, { force: true })
    return result
  })
}

/** Measures a pack and writes the results, and nothing else. */
export const measurePack = (
  folder: string,
  options: MeasureOptions,
): Promise<{ pictures: number; words: number }> =>
  withMeasured(folder, options, async (measured) => {
    await writeMeasured(folder, measured)
    await writeCalibration(folder, measured)
    await rm(await keptFile(measured.model, 'pictures', measured.probe.sha256))
    return { pictures: measured.probe.items.length, words: measured.words.length }
  })

/** Writes baseline.json and tuning.json into a pack's folder, and their hashes into its pack.json. */
export async function writeMeasured(folder: string, measured: Measured): Promise<void> {
  const { probe, vocabulary, pictures, words, written } = measured
  // Without written names, a unit for something that the probe set hardly shows would have almost no sigma, so it would
  // seem extreme whenever it fires: with them the sigma of 2 of the pocket's 512 is below a quarter of what training
  // found on a set three times as large, without them 22.
  const things = printedNames(vocabulary, words, written)
  const baseline = baselineOf(
    { before: [...pictures.before, ...things.before], after: [...pictures.after, ...things.after] },
    `${probe.name} and the printed names of ${things.after.length} things`,
  )
  const tuning = tuningOf({ baseline, items: probe.items, pictures, words, written })
  await writeFile(join(folder, packFiles.baseline), `${JSON.stringify(baseline)}\n`)
  await writeFile(join(folder, tuningFile), `${JSON.stringify(tuning)}\n`)
  await sealPack(folder, [packFiles.baseline, tuningFile])
}

/** Whether a pack has been measured, on this machine or before it came here. */
export const isMeasured = (folder: string): boolean => existsSync(join(folder, packFiles.baseline))

/** For a pack that has been measured: measures again how often it is right. */
export async function calibratePack(
  folder: string,
  { probeFolder, threads }: Pick<MeasureOptions, 'probeFolder' | 'threads'>,
): Promise<void> {
  await withOpened(folder, { probeFolder, threads }, async (opened) => {
    const { model, encoder, probe } = opened
    const kept = await keptFile(model, 'pictures', probe.sha256)
    const run = { kept, onProgress: () => {} }
    const pictures = await encodingsOf(model, encoder, probePictures(model, probe), run)
    await writeCalibration(folder, { ...opened, pictures })
    await rm(kept)
  })
}

type Opened = Pick<Measured, 'model' | 'encoder' | 'probe' | 'vocabulary'>

async function withOpened<T>(
  folder: string,
  { probeFolder, threads }: { readonly probeFolder: string | undefined; readonly threads: number },
  use: (opened: Opened) => Promise<T>,
): Promise<T> {
  const model = await openPackModels(folder)
  const vocabulary = await readPackFile(folder, packFiles.vocabulary, vocabularySchema)
  const probe = await openProbeSetOf(folder, probeFolder)
  const encoder = await createEncoder(model, { provider: 'cpu', threads })
  try {
    return await use({ model, encoder, probe, vocabulary })
  } finally {
    await encoder.close()
  }
}
