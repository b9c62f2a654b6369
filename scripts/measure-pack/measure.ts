import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createEncoder } from '../../src/clip/encoder.ts'
import { packFiles, tuningFile } from '../../src/clip/pack-schema.ts'
import { openPack } from '../../src/clip/pack.ts'
import { openProbeSetOf } from '../../src/clip/probe-set.ts'
import { sealPack } from '../seal-pack.ts'
import { activationsOf, printedNames, probePictures, writtenWords } from './activations.ts'
import { baselineOf } from './baseline.ts'
import { tuningOf } from './tuning.ts'

export interface MeasureOptions {
  /** Of the probe set; without it the pack's own, or else the pocket pack's. */
  readonly probeFolder?: string
  readonly threads: number
  /** @param total pictures and renderings of words together */
  readonly onStart?: (total: number) => void
  readonly onProgress?: (done: number) => void
}

/** Writes baseline.json and tuning.json into the folder of a pack, and their hashes into its pack.json. */
export async function measurePack(
  folder: string,
  { probeFolder, threads, onStart, onProgress }: MeasureOptions,
): Promise<{ pictures: number; words: number }> {
  const pack = await openPack(folder)
  const probe = await openProbeSetOf(folder, probeFolder)
  const encoder = await createEncoder(pack, { provider: 'cpu', threads })
  const words = writtenWords(pack.vocabulary)
  onStart?.(probe.items.length + words.renderings)
  const progress = (from: number) => (done: number) => onProgress?.(from + done)
  try {
    const pictures = await activationsOf(pack, encoder, probePictures(pack, probe), progress(0))
    const written = await activationsOf(pack, encoder, words.pictures(pack), progress(probe.items.length))
    // Without written names a unit for what the probe set hardly shows would have next to no sigma, and seem to
    // fire beyond all measure wherever it fires: with them 2 of the pocket's 512 fall below a quarter of the sigma
    // that training found on a set three times as large, without them 22.
    const things = printedNames(pack.vocabulary, words.words, written)
    const baseline = baselineOf(
      { before: [...pictures.before, ...things.before], after: [...pictures.after, ...things.after] },
      `${probe.name} and the printed names of ${things.after.length} things`,
    )
    const tuning = tuningOf({ baseline, items: probe.items, pictures, words: words.words, written })
    writeFileSync(join(folder, packFiles.baseline), `${JSON.stringify(baseline)}\n`)
    writeFileSync(join(folder, tuningFile), `${JSON.stringify(tuning)}\n`)
    sealPack(folder, [packFiles.baseline, tuningFile])
    return { pictures: probe.items.length, words: words.words.length }
  } finally {
    await encoder.close()
  }
}
