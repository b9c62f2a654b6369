import { rm } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { ownerError } from '../errors.ts'
import { GraphError, sideFilesOf } from '../onnx/index.ts'
import { type ExportFiles, sortFiles } from './export-files.ts'
import { linkOrCopy, type MakeOptions, makePack } from './make.ts'

export interface ImportOptions extends MakeOptions {
  /** Where packs live. */
  readonly models: string
}

/** The folder in which a pack is being made. Names with a leading dot are not taken for packs. */
export const workFolder = (models: string, id: string): string => join(models, `.${id}`)

/**
 * Makes a pack from export files on this machine, which are left untouched.
 * @param paths files, or folders that are searched
 * @returns the pack's folder
 * @throws UserError 'bad-pack' that says why they cannot serve
 */
export async function importPack(paths: readonly string[], options: ImportOptions): Promise<string> {
  const { models, identity } = options
  const work = workFolder(models, identity.id)
  const folder = join(models, identity.id)
  try {
    const files = await sortFiles(paths)
    await makePack(await linked(files, join(work, 'export')), folder, work, options)
    return folder
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Links the files into the work folder, where temporary files may be created beside them. */
async function linked(files: ExportFiles, home: string): Promise<ExportFiles> {
  const model = async (path: string, part: string): Promise<string> => {
    const to = (file: string) => join(home, part, relative(dirname(path), file))
    for (const file of [path, ...sidesOf(path)]) await linkOrCopy(file, to(file))
    return to(path)
  }
  return {
    ...files,
    pictures: await model(files.pictures, 'pictures'),
    texts: await model(files.texts, 'texts'),
  }
}

function sidesOf(path: string): string[] {
  try {
    return sideFilesOf(path)
  } catch (cause) {
    if (cause instanceof GraphError)
      throw ownerError('bad-pack', `${path} cannot serve: ${cause.message}.`, { cause })
    throw cause
  }
}
