import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { UserError } from '../../errors.ts'
import { megabytes, refusedByDisk } from '../disk.ts'
import type { HubFile } from './hub.ts'

export interface DownloadOptions {
  readonly token?: string
  readonly signal?: AbortSignal
  /** So long without a byte, and the connection is made anew. */
  readonly stallMs?: number
  /** Between two attempts; doubles. */
  readonly pauseMs?: number
  /** Told how many of the file's bytes are here. */
  readonly onBytes?: (bytes: number) => void
}

/** Attempts in a row that brought not a single byte. */
const ATTEMPTS = 5
const STALL_MS = 30_000
const PAUSE_MS = 1000

/** What went wrong may be gone the next time: a reset connection, a signed address that expired. */
class Hiccup extends Error {
  override readonly name = 'Hiccup'
}

/**
 * Downloads a file, from where an earlier attempt ended, killed or not; hashes while it writes. What is not whole has
 * the name `to`.part.
 *
 * @throws UserError 'not-found' in one sentence; what came so far stays, unless it is wrong
 */
export async function download(file: HubFile, to: string, options: DownloadOptions = {}): Promise<void> {
  if (await isThere(to, file.bytes)) return options.onBytes?.(file.bytes)
  await mkdir(dirname(to), { recursive: true })
  const part = new Part(to)
  for (let attempt = 1, pause = options.pauseMs ?? PAUSE_MS; ; attempt++, pause *= 2) {
    const before = await part.size()
    try {
      await continueDownload(file, part, options)
      break
    } catch (error) {
      if (!(error instanceof Hiccup)) throw error
      if ((await part.size()) > before) {
        attempt = 0
        pause = options.pauseMs ?? PAUSE_MS
      } else if (attempt >= ATTEMPTS) {
        throw new UserError(
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

/** A file that is not whole yet, with the version that it is part of beside it. */
class Part {
  readonly path: string
  readonly #to: string

  constructor(to: string) {
    this.#to = to
    this.path = `${to}.part`
  }

  size(): Promise<number> {
    return stat(this.path).then(
      ({ size }) => size,
      () => 0,
    )
  }

  etag(): Promise<string | undefined> {
    return readFile(`${this.path}.etag`, 'utf8').catch(() => undefined)
  }

  async begin(etag: string | null): Promise<void> {
    await this.remove()
    if (etag) await writeFile(`${this.path}.etag`, etag)
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true })
    await rm(`${this.path}.etag`, { force: true })
  }

  async finish(): Promise<void> {
    await rename(this.path, this.#to)
    await rm(`${this.path}.etag`, { force: true })
  }

  async hash(): Promise<Hash> {
    const hash = createHash('sha256')
    if ((await this.size()) > 0)
      for await (const chunk of createReadStream(this.path, { highWaterMark: 2 ** 20 }))
        hash.update(chunk as Buffer)
    return hash
  }
}

async function continueDownload(file: HubFile, part: Part, options: DownloadOptions): Promise<void> {
  let have = await part.size()
  const etag = await part.etag()
  if (have > file.bytes || (have > 0 && !etag)) {
    await part.remove()
    have = 0
  }
  // Of what is here already; what comes is hashed while it is written.
  let hash = await part.hash()
  if (have < file.bytes) await receive(have, etag)
  if (file.sha256 && hash.digest('hex') !== file.sha256) {
    await part.remove()
    throw new UserError(
      'not-found',
      `${file.path} came with another sha256 than the hub names, and was thrown away: try again.`,
    )
  }

  async function receive(from: number, version: string | undefined): Promise<void> {
    const watch = new Stall(options.stallMs ?? STALL_MS, options.signal)
    try {
      const response = await request(file, from, version, watch.signal, options.token)
      if (response.status !== 206) {
        await part.begin(etagOf(response))
        hash = createHash('sha256')
      }
      const handle = await open(part.path, response.status === 206 ? 'a' : 'w')
      try {
        await write(handle, response, response.status === 206 ? from : 0, watch)
      } finally {
        await handle.close()
      }
    } catch (cause) {
      options.signal?.throwIfAborted()
      if (cause instanceof UserError || cause instanceof Hiccup) throw cause
      const refused = refusedByDisk(
        cause,
        `${file.path} needs ${megabytes(file.bytes)}. Make room, or set MODELS_FOLDER, and pull again; what is here already is kept.`,
      )
      throw (
        refused ?? new Hiccup(watch.stalled ? 'the server stalls' : 'the connection breaks off', { cause })
      )
    } finally {
      watch.stop()
    }
  }

  async function write(handle: FileHandle, response: Response, from: number, watch: Stall): Promise<void> {
    let bytes = from
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      watch.alive()
      // Not `write`, which on a disk that is just full writes a part and says nothing.
      await handle.writeFile(chunk)
      hash.update(chunk)
      bytes += chunk.length
      if (bytes > file.bytes) {
        await part.remove()
        throw new UserError(
          'not-found',
          `${file.path} is longer than the hub says, and was thrown away: try again.`,
        )
      }
      options.onBytes?.(bytes)
    }
    if (bytes < file.bytes) throw new Hiccup('the connection breaks off')
  }
}

/** A weak one says nothing about bytes. */
const etagOf = ({ headers }: Response): string | null => {
  const etag = headers.get('etag')
  return etag?.startsWith('W/') ? null : etag
}

async function request(
  file: HubFile,
  from: number,
  version: string | undefined,
  signal: AbortSignal,
  token: string | undefined,
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
  if (status === 206) throw new Hiccup('the server sends another part than was asked for')
  if (status === 404) throw new UserError('not-found', `${file.path} is not on the hub any more.`)
  // Where we were sent on, the address was signed for a while: the next attempt asks for a new one.
  if ((status === 401 || status === 403) && !response.redirected)
    throw new UserError('not-found', `${file.path} may not be read: set HF_TOKEN to a token that may.`)
  throw new Hiccup(`the server answers ${status}`)
}

const startOf = ({ headers }: Response): number | undefined => {
  const start = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1]
  return start === undefined ? undefined : Number(start)
}

/** Aborts what runs when nothing has come for so long. */
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
