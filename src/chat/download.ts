import { UserError } from '../errors.ts'
import type { Key } from '../language.ts'
import { maxPictureBytes } from '../pictures/limits.ts'

/** A server that sends nothing for so long has hung; a slow line may take longer for all of it. */
const silentMs = 10_000
const mostMs = 60_000

export interface DownloadOptions {
  /** The platform's own: "https://cdn.discordapp.com". Nothing is fetched from anywhere else. */
  readonly origins: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** What to say if the server sends us elsewhere, for example to a log-in page. */
  readonly whenRedirected?: Key
}

const redirects = new Set([301, 302, 303, 307, 308])

/**
 * Fetches a file that a person posted: only from the platform's own hosts, following no redirect, stopping at
 * 25 MB however long the server says the file is.
 * @throws UserError 'bad-picture' in one sentence; an Error for a foreign host, which no person's doing explains.
 */
export async function download(url: string, options: DownloadOptions): Promise<Uint8Array> {
  const { origin } = new URL(url)
  if (!options.origins.includes(origin)) throw new Error(`refused to download from ${origin}`)
  const silence = new AbortController()
  const hung = setTimeout(() => silence.abort(), silentMs)
  const ends = [silence.signal, AbortSignal.timeout(mostMs), ...(options.signal ? [options.signal] : [])]
  const signal = AbortSignal.any(ends)
  try {
    const response = await fetch(url, { headers: options.headers ?? {}, redirect: 'manual', signal })
    if (options.whenRedirected && redirects.has(response.status))
      throw new UserError('not-allowed', options.whenRedirected)
    if (!response.ok || !response.body) {
      throw new UserError('bad-picture', 'chat.fetch.status', { values: { status: response.status } })
    }
    return await readBounded(response.body, () => hung.refresh())
  } catch (error) {
    if (error instanceof UserError) throw error
    if (options.signal?.aborted) throw new UserError('cancelled', 'errors.stopped', { cause: error })
    throw new UserError('bad-picture', 'chat.fetch.failed', { cause: error })
  } finally {
    clearTimeout(hung)
  }
}

async function readBounded(body: ReadableStream<Uint8Array>, onChunk: () => void): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    onChunk()
    size += chunk.length
    if (size > maxPictureBytes) {
      throw new UserError('bad-picture', 'chat.fetch.tooLarge')
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
