import type { Hash } from 'node:crypto'
import { type FileHandle, mkdir, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { ownerError, UserError } from '../../errors.ts'
import { megabytes, refusedByDisk } from '../disk.ts'
import { type HubFile, startHash } from './hub.ts'
import { Part } from './part.ts'

export interface DownloadOptions {
  readonly token?: string
  readonly signal?: AbortSignal
  /** After this long without a byte, the connection is made again. */
  readonly stallMs?: number
  /** Pause between two attempts; it doubles each time. */
  readonly pauseMs?: number
  /** Told how many of the file's bytes have arrived. */
  readonly onBytes?: (bytes: number) => void
}

/** Give up after this many attempts in a row without a single byte. */
const maxAttempts = 5
const usualStallMs = 30_000
const usualPauseMs = 1000

/** A failure that the next attempt may not meet: a reset connection, a signed address that expired. */
class Hiccup extends Error {
  override readonly name = 'Hiccup'
}

/**
 * Downloads a file, continuing where an earlier attempt ended, even if it was killed; hashes while it writes. Until it is
 * complete, the file is called `to`.part.
 *
 * @throws UserError 'not-found' in one sentence; what has arrived so far is kept, unless it is wrong
 */
export async function download(file: HubFile, to: string, options: DownloadOptions = {}): Promise<void> {
  if (await isThere(to, file.bytes)) return options.onBytes?.(file.bytes)
  await mkdir(dirname(to), { recursive: true })
  const part = new Part(to)
  for (let attempt = 1, pause = options.pauseMs ?? usualPauseMs; ; attempt++, pause *= 2) {
    const before = await part.size()
    try {
      await continueDownload(file, part, options)
      break
    } catch (error) {
      if (!(error instanceof Hiccup)) throw error
      if ((await part.size()) > before) {
        attempt = 0
        pause = options.pauseMs ?? usualPauseMs
      } else if (attempt >= maxAttempts) {
        throw ownerError(
          'not-found',
          `${file.path} could not be downloaded: ${error.message}. Try again later; what is here already is kept.`,
          { cause: error },
        )
      }
      await setTimeout(pause, undefined, options.signal ? { signal: options.signal } : {})
    }
  }
  await part.finish()
}

const isThere = async (path: string, bytes: number): Promise<boolean> =>
  stat(path).then(
    ({ size }) => size === bytes,
    () => false,
  )

/** One attempt: gets what is missing, then checks the hash of the whole. */
async function continueDownload(file: HubFile, part: Part, options: DownloadOptions): Promise<void> {
  let have = await part.size()
  const etag = await part.etag()
  if (have > file.bytes || (have > 0 && !etag)) {
    await part.remove()
    have = 0
  }
  const transfer = new Transfer(file, part, options, await part.hashInto(startHash(file)))
  if (have < file.bytes) await transfer.receive(have, etag)
  if (transfer.digest() !== file.hash.value) {
    await part.remove()
    throw ownerError(
      'not-found',
      `${file.path} does not have the hash that the hub gives, and was deleted: try again.`,
    )
  }
}

/** One connection, which appends to the part and hashes what it writes. */
class Transfer {
  readonly #file: HubFile
  readonly #part: Part
  readonly #options: DownloadOptions
  #hash: Hash

  /** @param hash of what is already here */
  constructor(file: HubFile, part: Part, options: DownloadOptions, hash: Hash) {
    this.#file = file
    this.#part = part
    this.#options = options
    this.#hash = hash
  }

  digest(): string {
    return this.#hash.digest('hex')
  }

  /** @param version the ETag of what is already here */
  async receive(from: number, version: string | undefined): Promise<void> {
    const { stallMs = usualStallMs, signal, token } = this.#options
    const watch = new Stall(stallMs, signal)
    try {
      const response = await request(this.#file, { from, version, token }, watch.signal)
      const resumed = response.status === 206
      if (!resumed) {
        await this.#part.begin(etagOf(response))
        this.#hash = startHash(this.#file)
      }
      const handle = await open(this.#part.path, resumed ? 'a' : 'w')
      try {
        await this.#write(handle, response, resumed ? from : 0, watch)
      } finally {
        await handle.close()
      }
    } catch (cause) {
      signal?.throwIfAborted()
      if (cause instanceof UserError || cause instanceof Hiccup) throw cause
      const refused = refusedByDisk(
        cause,
        `${this.#file.path} needs ${megabytes(this.#file.bytes)}. Make room, or set MODELS_FOLDER, and pull again; what is here already is kept.`,
      )
      throw refused ?? new Hiccup(watch.stalled ? 'the server stalls' : 'the connection was lost', { cause })
    } finally {
      watch.stop()
    }
  }

  async #write(handle: FileHandle, response: Response, from: number, watch: Stall): Promise<void> {
    const { path, bytes: size } = this.#file
    let bytes = from
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      watch.alive()
      // Not `write`, which silently writes only a part when the disk is just full.
      await handle.writeFile(chunk)
      this.#hash.update(chunk)
      bytes += chunk.length
      if (bytes > size) {
        await this.#part.remove()
        throw ownerError('not-found', `${path} is longer than the hub says, and was deleted: try again.`)
      }
      this.#options.onBytes?.(bytes)
    }
    if (bytes < size) throw new Hiccup('the connection was lost')
  }
}

/** A weak ETag does not identify the bytes. */
const etagOf = ({ headers }: Response): string | null => {
  const etag = headers.get('etag')
  return etag?.startsWith('W/') ? null : etag
}

interface Range {
  readonly from: number
  readonly version: string | undefined
  readonly token: string | undefined
}

async function request(
  file: HubFile,
  { from, version, token }: Range,
  signal: AbortSignal,
): Promise<Response> {
  const resume = from > 0 && version ? { range: `bytes=${from}-`, 'if-range': version } : {}
  const headers = {
    ...resume,
    'accept-encoding': 'identity',
    ...(token && { authorization: `Bearer ${token}` }),
  }
  const response = await fetch(file.url, { headers, signal })
  const { status } = response
  if (status === 200 || (status === 206 && startOf(response) === from)) return response
  await response.body?.cancel()
  if (status === 206) throw new Hiccup('the server sends a different part than was asked for')
  if (status === 404) throw ownerError('not-found', `${file.path} is not on the hub any more.`)
  // After a redirect the address was signed for a limited time: the next attempt asks for a new one.
  if ((status === 401 || status === 403) && !response.redirected)
    throw ownerError('not-found', `${file.path} may not be read: set HF_TOKEN to a token that may.`)
  throw new Hiccup(`the server answers ${status}`)
}

const startOf = ({ headers }: Response): number | undefined => {
  const start = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1]
  return start === undefined ? undefined : Number(start)
}

/** Aborts the request if nothing arrives for this long. */
class Stall {
  readonly signal: AbortSignal
  stalled = false
  readonly #timer: NodeJS.Timeout
  readonly #controller = new AbortController()

  constructor(ms: number, outer: AbortSignal | undefined) {
    this.signal = outer ? AbortSignal.any([outer, this.#controller.signal]) : this.#controller.signal
    this.#timer = globalThis.setTimeout(() => {
      this.stalled = true
      this.#controller.abort()
    }, ms)
  }

  alive(): void {
    this.#timer.refresh()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
