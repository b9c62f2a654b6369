import { HubApiError, listFiles, modelInfo } from '@huggingface/hub'
import { ownerError, UserError } from '../../errors.ts'
import type { Source } from './sources.ts'

export interface HubOptions {
  /** The setting HF_ENDPOINT: a mirror. */
  readonly endpoint: string
  /** The setting HF_TOKEN. */
  readonly token?: string
}

export interface HubFile {
  readonly path: string
  readonly bytes: number
  /** Given by the hub for large files. */
  readonly sha256?: string
  readonly url: string
}

export interface Listing {
  readonly repo: string
  readonly commit: string
  readonly files: readonly HubFile[]
}

/** Whether a path stays inside the folder that it is joined to, on any system. */
function isSafe(path: string): boolean {
  const parts = path.split('/')
  return parts.every((part) => part !== '' && part !== '.' && part !== '..' && /^[\w .@+-]+$/.test(part))
}

/**
 * The wanted files of a source, at the commit that its branch points to now.
 * @throws UserError 'not-found' in one sentence: no such repository, no network, an unsafe path
 */
export async function listSource(
  { repo, revision, wants }: Source,
  { endpoint, token }: HubOptions,
): Promise<Listing> {
  const options = { hubUrl: endpoint, ...(token && { accessToken: token }) }
  try {
    const { sha: commit } = await modelInfo({ name: repo, revision, additionalFields: ['sha'], ...options })
    const files: HubFile[] = []
    for await (const { type, path, size, lfs } of listFiles({
      repo,
      revision: commit,
      recursive: true,
      ...options,
    })) {
      if (!isSafe(path))
        throw ownerError(
          'not-found',
          `${repo} lists ${JSON.stringify(path)}, which is no safe name for a file.`,
        )
      if (type !== 'file' || !wants(path)) continue
      const url = `${endpoint}/${repo}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`
      files.push({ path, bytes: lfs?.size ?? size, url, ...(lfs && { sha256: lfs.oid }) })
    }
    if (files.length === 0)
      throw ownerError('not-found', `${repo} (${revision}) has none of the files wanted.`)
    return { repo, commit, files }
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw ownerError('not-found', `${repo} (${revision}) ${reasonOf(cause, endpoint)}.`, { cause })
  }
}

function reasonOf(error: unknown, endpoint: string): string {
  if (!(error instanceof HubApiError)) return `cannot be asked for: ${new URL(endpoint).host} does not answer`
  const { statusCode } = error
  if (statusCode === 404) return 'is not on the hub'
  if (statusCode === 401 || statusCode === 403) return 'may not be read: set HF_TOKEN to a token that may'
  if (statusCode === 429) return 'cannot be asked for now: the hub wants us to wait'
  return `cannot be asked for: the hub answers ${statusCode}`
}
