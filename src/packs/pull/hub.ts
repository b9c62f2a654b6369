import { createHash, type Hash } from 'node:crypto'
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
  /** For a large file (LFS or Xet) the hub gives the sha256, for a small one git's own hash. */
  readonly hash: { readonly kind: 'sha256' | 'git'; readonly value: string }
  readonly url: string
}

export interface Listing {
  readonly repo: string
  readonly commit: string
  readonly files: readonly HubFile[]
}

/**
 * The hash that the hub gives, before the file's first byte. Git's is the sha1 of "blob", the size, a zero byte and the
 * content (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects).
 */
export const startHash = ({ hash, bytes }: Pick<HubFile, 'hash' | 'bytes'>): Hash =>
  hash.kind === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${bytes}\0`)

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
    for await (const { type, path, size, oid, lfs } of listFiles({
      repo,
      revision: commit,
      recursive: true,
      ...options,
    })) {
      if (!isSafe(path))
        throw ownerError('not-found', `${repo} lists ${JSON.stringify(path)}, which is not a safe file name.`)
      if (type !== 'file' || !wants(path)) continue
      const url = `${endpoint}/${repo}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`
      // The library's types also cover storage without git, where nothing has an oid.
      const value = lfs?.oid ?? oid
      if (!value)
        throw ownerError('not-found', `${repo} gives no hash for ${path}: what arrives could not be checked.`)
      const hash = { kind: lfs ? 'sha256' : 'git', value } as const
      files.push({ path, bytes: lfs?.size ?? size, hash, url })
    }
    if (files.length === 0)
      throw ownerError('not-found', `${repo} (${revision}) has none of the files that are needed.`)
    return { repo, commit, files }
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw ownerError('not-found', `${repo} (${revision}) ${reasonOf(cause, endpoint)}.`, { cause })
  }
}

function reasonOf(error: unknown, endpoint: string): string {
  if (!(error instanceof HubApiError)) return `cannot be listed: ${new URL(endpoint).host} does not answer`
  const { statusCode } = error
  if (statusCode === 404) return 'is not on the hub'
  if (statusCode === 401 || statusCode === 403) return 'may not be read: set HF_TOKEN to a token that may'
  if (statusCode === 429) return 'cannot be listed now: the hub asks us to wait'
  return `cannot be listed: the hub answers ${statusCode}`
}
