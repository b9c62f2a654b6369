import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Encoder } from '../../clip/encoder.ts'
import { packFiles } from '../../clip/pack-schema.ts'
import { type PackModels, pictureModelHash } from '../../clip/pack.ts'
import { sealPack } from '../../clip/seal.ts'
import { squareOf } from '../../pictures/square.ts'
import { type CalibrationOptions, writeCalibration } from '../measure/calibration.ts'
import { type MeasureOptions, withMeasured, writeMeasured } from '../measure/measure.ts'
import type { Measured } from '../measure/measure.ts'
import type { Say } from '../make.ts'
import { publishedUnits, tenNeurons, topWordsOf } from '../published.ts'
import { checkPage } from './page.ts'
import { type Check, checkSchema } from './schema.ts'
import { checkWords, highShare, WordRanks } from './words.ts'

export const checkFile = 'check.json'
export const checkPageFile = 'check.html'

const poolPictures = 8
const poolTolerance = 1e-4

export interface CheckOptions extends MeasureOptions, CalibrationOptions {
  readonly say: Say
  /** For each unit the words said to fire it most; by default those published for the model. */
  readonly topWords?: readonly (readonly string[])[]
}

/**
 * Measures a pack on this machine and checks what is claimed about it: that units answer to the words published for them,
 * the ten best-known neurons, and the pool against the embedding. Writes baseline.json, tuning.json, neurons.json,
 * check.json and check.html into the pack's folder.
 */
export function checkPack(folder: string, options: CheckOptions): Promise<Check> {
  return withMeasured(folder, options, async (measured) => {
    await writeMeasured(folder, measured)
    const { facts } = measured.model
    const check = await checkOf(measured, options.topWords ?? topWordsOf(facts))
    const units = publishedUnits(facts, check.words?.passed ?? false)
    if (units.length > 0) {
      await writeFile(join(folder, packFiles.catalogue), `${JSON.stringify({ units })}\n`)
      await sealPack(folder, [packFiles.catalogue])
    }
    options.say('Reading the vocabulary')
    await writeCalibration(folder, measured, options)
    await writeFile(join(folder, checkFile), `${JSON.stringify(check, null, 1)}\n`)
    await writeFile(join(folder, checkPageFile), checkPage(check))
    return check
  })
}

/** @returns undefined if the pack was not checked on this machine, or has changed since */
export async function readCheck({ folder, facts }: PackModels): Promise<Check | undefined> {
  const text = await readFile(join(folder, checkFile), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const { data } = checkSchema.safeParse(JSON.parse(text))
  return data?.model === pictureModelHash(facts) ? data : undefined
}

async function checkOf(
  measured: Measured,
  topWords: readonly (readonly string[])[] | undefined,
): Promise<Check> {
  const { model, encoder, probe, pictures, words, written } = measured
  const { facts } = model
  const silent = Array.from({ length: facts.tap.channels }, (_, unit) => unit).filter((unit) =>
    [...pictures.after, ...written.after].every((row) => row[unit] === 0),
  )
  const ranks = new WordRanks(words, written)
  const wordCheck = topWords && checkWords(ranks, topWords)
  const ten =
    topWordsOf(facts) &&
    tenNeurons.flatMap(({ unit, name, word }) => {
      const rank = ranks.rank(unit, word)
      return rank === undefined ? [] : [{ unit, name, word, rank, passed: rank < highShare }]
    })
  const pool = await checkPool(measured.encoder, model, probe)
  return {
    pack: facts.id,
    title: facts.title,
    source: facts.source,
    model: pictureModelHash(facts),
    at: new Date().toISOString(),
    baseline: { probeSet: probe.name, pictures: pictures.after.length, silentUnits: silent.length },
    ...(wordCheck && { words: wordCheck }),
    ...(ten && { neurons: ten }),
    ...(pool && { pool }),
    passed: (wordCheck?.passed ?? true) && (pool?.passed ?? true),
  }

  async function checkPool(
    one: Encoder,
    { facts: { picture, dimensions } }: PackModels,
    set: Measured['probe'],
  ) {
    if (facts.embedding !== 'pool') return undefined
    const axes = Array.from({ length: dimensions }, (_, n) =>
      Float32Array.from({ length: dimensions }, (__, i) => (i === n ? 1 : 0)),
    )
    const items = set.items.filter((_, n) => n % Math.ceil(set.items.length / poolPictures) === 0)
    let difference = 0
    for (const item of items) {
      const [encoded] = await encoder.encodePictures([squareOf(await set.picture(item), picture.side)])
      const { shares, rest } = (await one.explain(encoded!, axes))!
      for (const [n, row] of shares.entries()) {
        const sum = row.reduce((total, share) => total + share, rest[n]!)
        difference = Math.max(difference, Math.abs(sum - encoded!.embedding[n]!))
      }
    }
    return { pictures: items.length, difference, passed: difference <= poolTolerance }
  }
}
