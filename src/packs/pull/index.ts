import { mkdir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { ownerError, UserError } from '../../errors.ts'
import { megabytes } from '../disk.ts'
import { sortFiles } from '../export-files.ts'
import { workFolder } from '../import.ts'
import { type MakeOptions, makePack } from '../make.ts'
import { download, type DownloadOptions } from './download.ts'
import { type HubOptions, type Listing, listSource } from './hub.ts'
import { lockFolder } from './lock.ts'
import type { Pullable } from './sources.ts'

export interface PullOptions
  extends
    HubOptions,
    Pick<DownloadOptions, 'signal' | 'stallMs' | 'pauseMs'>,
    Pick<MakeOptions, 'precision' | 'say'> {
  /** Where packs live. */
  readonly models: string
  /** Counted over all files. */
  readonly onBytes: (done: number, total: number) => void
}

/** For a while both the export and the pack made from it are on the disk. */
const diskFactor = 2

/**
 * Downloads a CLIP from the first of its sources that has it, and makes a pack of it. If it is interrupted or killed, what
 * was downloaded is reused the next time.
 *
 * @returns the pack's folder
 * @throws UserError with what went wrong, in one sentence
 */
export async function pullPack(what: Pullable, options: PullOptions): Promise<string> {
  const { models, say, precision = 'fp32' } = options
  const work = workFolder(models, what.id)
  await mkdir(work, { recursive: true })
  const release = await lockFolder(work, `${what.id} is already being pulled by another process.`)
  try {
    const { repo, commit, home } = await fromFirstSource(what, work, options)
    const { id, title, summary, summaries, licence } = what
    const identity = { id, title, summary, summaries, licence, source: `${repo} at ${commit}` }
    const folder = join(models, what.id)
    await makePack(await sortFiles([home]), folder, work, { identity, precision, say })
    await rm(work, { recursive: true, force: true })
    return folder
  } finally {
    await rm(join(work, 'pack'), { recursive: true, force: true })
    await release()
  }
}

async function fromFirstSource(what: Pullable, work: string, options: PullOptions) {
  const reasons: string[] = []
  for (const source of what.sources) {
    options.say(`Asking for ${source.repo} (${source.revision})`)
    try {
      const listing = await listSource(source, options)
      const home = join(work, 'export', listing.commit)
      await fetchAll(listing, home, options)
      return { ...listing, home }
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'not-found') throw error
      reasons.push(error.message)
    }
  }
  throw ownerError('not-found', `${what.id} cannot be pulled. ${[...new Set(reasons)].join(' ')}`)
}

async function fetchAll({ repo, files }: Listing, home: string, options: PullOptions): Promise<void> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const { bavail, bsize } = await statfs(options.models)
  if (bavail * bsize < diskFactor * total)
    throw ownerError(
      'busy',
      `${repo} needs ${megabytes(diskFactor * total)} of free disk space while it is made into a pack, but ${options.models} has ${megabytes(bavail * bsize)}: make room, or set MODELS_FOLDER.`,
    )
  options.say(`Downloading ${megabytes(total)} from ${repo}`)
  const { token, signal, stallMs, pauseMs } = options
  let done = 0
  for (const file of files) {
    await download(file, join(home, file.path), {
      ...(token && { token }),
      ...(signal && { signal }),
      ...(stallMs && { stallMs }),
      ...(pauseMs && { pauseMs }),
      onBytes: (bytes) => options.onBytes(done + bytes, total),
    })
    done += file.bytes
  }
}
