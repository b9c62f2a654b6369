import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { ownerError, type UserError } from '../errors.ts'
import {
  type Baseline,
  baselineSchema,
  type Calibration,
  calibrationFile,
  calibrationSchema,
  type PackFacts,
  packFiles,
  packSchema,
  type PackUnit,
  type Tuning,
  tuningFile,
  tuningSchema,
  unitsSchema,
  type VocabularyEntry,
  vocabularySchema,
} from './pack-schema.ts'
import { fileHash } from './seal.ts'

/** A pack's models, measured or not: all that is needed to run them. */
export interface PackModels {
  readonly folder: string
  readonly facts: PackFacts
}

/** A model pack that was opened and checked. Plain data: it can be handed to a worker thread. */
export interface Pack extends PackModels {
  readonly units: readonly PackUnit[]
  readonly baseline: Baseline
  /** Absent until the pack has been measured. */
  readonly tuning?: Tuning
  /** Absent until somebody measured how often the pack is right. */
  readonly calibration?: Calibration
  readonly vocabulary: readonly VocabularyEntry[]
}

export const badPack = (sentence: string, options?: ErrorOptions): UserError =>
  ownerError('bad-pack', sentence, options)

/** The sha256 of a pack's picture model: shows whether something was measured or drawn with exactly this model. */
export const pictureModelHash = ({ files }: PackFacts): string =>
  files.find(({ path }) => path === packFiles.image)!.sha256

/** Reads a JSON file of a pack. @throws UserError 'bad-pack' with one sentence that names the file and its fault. */
export async function readPackFile<T>(folder: string, path: string, schema: z.ZodType<T>): Promise<T> {
  const file = join(folder, path)
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw badPack(`The model pack lacks ${file}: put the file back or choose another pack.`, { cause })
  })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw badPack(`${file} is not JSON: put the original file back.`, { cause })
  }
  const { data, error } = schema.safeParse(json)
  if (!error) return data
  const { path: at, message } = error.issues[0]!
  throw badPack(`${file} is wrong at ${at.join('.') || 'its top'}: ${message}.`, { cause: error })
}

async function checkFile(folder: string, { path, sha256, bytes }: PackFacts['files'][number]): Promise<void> {
  const file = join(folder, path)
  const found = await fileHash(file).catch((cause: unknown) => {
    throw badPack(`The model pack lacks ${file}: put the file back or choose another pack.`, { cause })
  })
  if (found.sha256 === sha256) return
  const size = found.bytes === bytes ? '' : ` (${found.bytes} bytes instead of ${bytes})`
  throw badPack(`${file} is not the file that pack.json names${size}: fetch it again.`)
}

/** Checks that every list that is indexed by unit has one entry for each unit. */
function checkBaseline(baseline: Baseline, channels: number, file: string): void {
  const lists: Record<string, readonly unknown[]> = { activeShare: baseline.activeShare }
  for (const key of ['before', 'after'] as const) {
    for (const [name, list] of Object.entries(baseline[key])) lists[`${key}.${name}`] = list
  }
  const { counts, edges } = baseline.histogram
  lists['histogram.counts'] = counts
  const wrong = counts.findIndex((row) => row.length !== edges.length - 1)
  if (wrong >= 0)
    throw badPack(`${file} has ${counts[wrong]!.length} counts for unit ${wrong} and ${edges.length} edges.`)
  for (const [name, list] of Object.entries(lists)) {
    if (list.length !== channels) {
      throw badPack(`${file} has ${list.length} numbers in ${name}, but pack.json names ${channels} units.`)
    }
  }
}

/** What a pack must list to run. To serve, it must list the rest of `packFiles` too, which measuring writes. */
const modelFiles = [packFiles.image, packFiles.text, packFiles.tokens, packFiles.selfTest]

/**
 * Opens a pack's models, measured or not, and checks the files' sha256.
 * @throws UserError 'bad-pack' with one sentence that names the file.
 */
export async function openPackModels(folder: string): Promise<PackModels> {
  const facts = await readPackFile(folder, 'pack.json', packSchema)
  const listed = new Set(facts.files.map(({ path }) => path))
  const missing = modelFiles.find((path) => !listed.has(path))
  if (missing)
    throw badPack(`${join(folder, 'pack.json')} lists no ${missing}: add it with its sha256 and bytes.`)
  for (const file of facts.files) await checkFile(folder, file)
  return { folder, facts }
}

/**
 * Opens a folder with a pack.json and checks all that can be checked without running the model: the fields,
 * every file's sha256, and that catalogue and baseline fit the units. The encoder checks the rest.
 * @throws UserError 'bad-pack' with one sentence that names the file.
 */
export async function openPack(folder: string): Promise<Pack> {
  const { facts } = await openPackModels(folder)
  const listed = new Set(facts.files.map(({ path }) => path))
  const missing = Object.values(packFiles).find((path) => !listed.has(path))
  if (missing === packFiles.baseline)
    throw badPack(
      `The pack in ${folder} was not measured yet: run npx neuron-games models check ${facts.id}.`,
    )
  if (missing)
    throw badPack(`${join(folder, 'pack.json')} lists no ${missing}: add it with its sha256 and bytes.`)

  const [{ units }, baseline, vocabulary, tuning, calibration] = await Promise.all([
    readPackFile(folder, packFiles.catalogue, unitsSchema),
    readPackFile(folder, packFiles.baseline, baselineSchema),
    readPackFile(folder, packFiles.vocabulary, vocabularySchema),
    listed.has(tuningFile) ? readPackFile(folder, tuningFile, tuningSchema) : undefined,
    listed.has(calibrationFile) ? readPackFile(folder, calibrationFile, calibrationSchema) : undefined,
  ])
  const { channels } = facts.tap
  const stray = units.find(({ unit }) => unit >= channels)
  if (stray) {
    throw badPack(
      `${join(folder, packFiles.catalogue)} names unit ${stray.unit} ("${stray.name}"), but the model has units 0 to ${channels - 1}: take it out.`,
    )
  }
  checkBaseline(baseline, channels, join(folder, packFiles.baseline))
  if (tuning && tuning.units.length !== channels) {
    throw badPack(
      `${join(folder, tuningFile)} tells of ${tuning.units.length} units, but the model has ${channels}: measure the pack again.`,
    )
  }
  return {
    folder,
    facts,
    units,
    baseline,
    vocabulary,
    ...(tuning && { tuning }),
    ...(calibration && { calibration }),
  }
}
