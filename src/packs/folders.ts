import { existsSync } from 'node:fs'
import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { embeddedId, type PackFacts, packSchema } from '../clip/pack-schema.ts'
import { readPackFile } from '../clip/pack.ts'
import { ownerError, UserError } from '../errors.ts'
import { projectRoot } from '../root.ts'

/** The pack that comes with the project. */
const embeddedFolder = join(projectRoot, 'models', embeddedId)
export const isEmbedded = (folder: string): boolean => resolve(folder) === embeddedFolder

/** A file beside the packs, with the name of the one that `models use` chose. */
const servingFile = 'serving'

/** Our folder by the XDG Base Directory Specification: below the folder that is set, or else below this one at home. */
const xdgFolder = (set: string | undefined, fallback: string): string =>
  join(set && isAbsolute(set) ? set : join(homedir(), fallback), 'neuron-games')

/** Where packs live without the setting MODELS_FOLDER. */
export const defaultModelsFolder = ({ XDG_DATA_HOME: data }: NodeJS.ProcessEnv): string =>
  join(xdgFolder(data, '.local/share'), 'models')

/** Where what can be computed again is kept. */
export const defaultCacheFolder = ({ XDG_CACHE_HOME: cache }: NodeJS.ProcessEnv): string =>
  xdgFolder(cache, '.cache')

/** A pack's folder with the contents of its pack.json, or the `problem` that kept it from being read. */
export interface FoundPack {
  readonly name: string
  readonly folder: string
  readonly embedded: boolean
  readonly facts?: PackFacts
  readonly problem?: string
}

/** The packs on this machine, the embedded one first. */
export async function findPacks(models: string): Promise<FoundPack[]> {
  const entries = existsSync(models) ? await readdir(models, { withFileTypes: true }) : []
  const names = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
  const folders = [
    { name: embeddedId, folder: embeddedFolder, embedded: true },
    ...names.sort().map((name) => ({ name, folder: join(models, name), embedded: false })),
  ]
  return Promise.all(
    folders.map(async (one) => {
      try {
        return { ...one, facts: await readPackFile(one.folder, 'pack.json', packSchema) }
      } catch (error) {
        if (!(error instanceof UserError)) throw error
        return { ...one, problem: error.message }
      }
    }),
  )
}

/** @throws UserError 'not-found' that names the packs there are */
export async function findPack(models: string, name: string): Promise<FoundPack> {
  const packs = await findPacks(models)
  const found = packs.find((pack) => pack.name === name)
  if (found) return found
  throw ownerError(
    'not-found',
    `There is no pack ${name} here; there are ${packs.map((pack) => pack.name).join(', ')}.`,
  )
}

/**
 * The folder of the pack that serves: what the setting MODEL_PACK names (a folder, or a pack of MODELS_FOLDER), or else
 * what `models use` chose, or else the embedded one.
 */
export async function servingFolder(models: string, setting: string | undefined): Promise<string> {
  if (setting !== undefined) {
    if (isAbsolute(setting)) return setting
    const own = join(models, setting)
    return !setting.includes('/') && existsSync(own) ? own : join(projectRoot, setting)
  }
  const name = (await readFile(join(models, servingFile), 'utf8').catch(() => '')).trim()
  return name && name !== embeddedId ? join(models, name) : embeddedFolder
}

/** Makes a pack the one that serves from the next start. */
export async function choosePack(models: string, { name, problem }: FoundPack): Promise<void> {
  if (problem) throw ownerError('bad-pack', problem)
  const file = join(models, servingFile)
  if (name === embeddedId) return rm(file, { force: true })
  await writeFile(`${file}.new`, `${name}\n`)
  await rename(`${file}.new`, file)
}

/** Deletes a pack's folder, unless it is the embedded pack or the one that serves. */
export async function removePack(models: string, { name, folder, embedded }: FoundPack): Promise<void> {
  if (embedded) throw ownerError('not-allowed', 'The embedded pack stays: the bot needs one.')
  if ((await servingFolder(models, undefined)) === folder)
    throw ownerError(
      'not-allowed',
      `${name} is in use: choose another one first, for example with models use pocket.`,
    )
  const gone = join(models, `.removed-${name}`)
  await rename(folder, gone)
  await rm(gone, { recursive: true })
}
