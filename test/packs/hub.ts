import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How the hub misbehaves for a while; each is asked at every request for a file's bytes. */
export interface Behaviour {
  /** Ends the connection after this many bytes of a response. */
  cutAfter?: number
  /** Sends this many bytes and then nothing more. */
  stallAfter?: number
  /** Sends the first byte, and the rest a second later. */
  slowly?: boolean
  /** The signed address answers 500. */
  failing?: boolean
  /** Changes the bytes that are sent. */
  corrupt?: boolean
  /** The signed address answers 403 this many times. */
  expired?: number
  /** Files that are listed but not there. */
  missing?: boolean
  /** The repository lists one more file, with this name. */
  evil?: string
}

/**
 * A hub on this machine that speaks as much of the Hugging Face hub's API as a pull uses: model info with the commit of
 * a branch, the tree with LFS sha256 and git's own, `resolve` that redirects to a signed address, ranges with If-Range.
 */
export class LoopbackHub {
  behaviour: Behaviour = {}
  /** The ranges asked for, '' for whole files. */
  readonly ranges: string[] = []
  /** Told when a response was stalled, with the bytes that it sent. */
  onStall: (bytes: number) => void = () => {}
  readonly #files = new Map<string, Map<string, Buffer>>()
  readonly #server = createServer((request, response) => this.#answer(request, response))

  /** @param files by their paths in the repository, on one branch */
  add(repo: string, revision: string, files: Record<string, Buffer>): void {
    this.#files.set(`${repo}@${revision}`, new Map(Object.entries(files)))
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url!, 'http://hub')
    const path = decodeURIComponent(url.pathname)
    const signed = /^\/signed\/(.+)@([^/]+)\/(.+)$/.exec(path)
    if (signed) return this.#bytes(request, response, this.#find(signed[1]!, signed[2]!)?.get(signed[3]!))
    const info = /^\/api\/models\/([^/]+\/[^/]+)\/revision\/([^/]+)$/.exec(path)
    if (info) {
      const files = this.#find(info[1]!, info[2]!)
      return files
        ? json(response, {
            id: info[1],
            modelId: info[1],
            sha: commitOf(info[2]!),
            lastModified: '2025-01-01T00:00:00Z',
          })
        : notFound(response)
    }
    const tree = /^\/api\/models\/([^/]+\/[^/]+)\/tree\/([^/]+)\/?$/.exec(path)
    if (tree) {
      const files = this.#find(tree[1]!, tree[2]!)
      if (!files) return notFound(response)
      const names = [
        ...files,
        ...(this.behaviour.evil ? [[this.behaviour.evil, Buffer.from('x')] as const] : []),
      ]
      return json(
        response,
        names.map(([name, bytes]) => ({
          type: 'file',
          path: name,
          size: bytes.length,
          // Git's own hash, which the hub gives for small files.
          oid: sha('sha1', Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes])),
          ...(name.endsWith('.json')
            ? {}
            : { lfs: { oid: sha('sha256', bytes), size: bytes.length, pointerSize: 134 } }),
        })),
      )
    }
    const resolve = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(path)
    if (!resolve || this.behaviour.missing || !this.#find(resolve[1]!, resolve[2]!)?.has(resolve[3]!))
      return notFound(response)
    response.writeHead(302, { location: `/signed/${resolve[1]}@${resolve[2]}/${resolve[3]}` }).end()
  }

  /** By a branch or by its commit. */
  #find(repo: string, revision: string): Map<string, Buffer> | undefined {
    const branch = [...this.#files.keys()].find((key) => {
      const [name, own = ''] = key.split('@')
      return name === repo && (own === revision || commitOf(own) === revision)
    })
    return this.#files.get(branch ?? '')
  }

  #bytes(request: IncomingMessage, response: ServerResponse, whole: Buffer | undefined): void {
    const { behaviour } = this
    if (!whole) return notFound(response)
    if (behaviour.expired) {
      behaviour.expired--
      response.writeHead(403).end()
      return
    }
    if (behaviour.failing) {
      response.writeHead(500).end()
      return
    }
    const { range = '' } = request.headers
    this.ranges.push(range)
    const etag = `"${sha('sha256', whole)}"`
    const from = range && request.headers['if-range'] === etag ? Number(/^bytes=(\d+)-$/.exec(range)![1]) : 0
    const bytes = Buffer.from(whole.subarray(from))
    if (behaviour.corrupt) bytes[0]! ^= 1
    response.writeHead(from ? 206 : 200, {
      etag,
      'content-length': bytes.length,
      ...(from && { 'content-range': `bytes ${from}-${whole.length - 1}/${whole.length}` }),
    })
    if (behaviour.slowly) {
      response.write(bytes.subarray(0, 1))
      setTimeout(() => response.end(bytes.subarray(1)), 1000)
      return
    }
    const part = behaviour.cutAfter ?? behaviour.stallAfter
    if (part === undefined || part >= bytes.length) {
      response.end(bytes)
      return
    }
    response.write(bytes.subarray(0, part), () => {
      // Not at once: whatever is on its way when a connection breaks is lost.
      if (behaviour.cutAfter !== undefined) setTimeout(() => response.destroy(), 200)
      else this.onStall(part)
    })
  }
}

const sha = (algorithm: string, bytes: Buffer | string): string =>
  createHash(algorithm).update(bytes).digest('hex')
const commitOf = (branch: string): string => sha('sha1', branch)

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function notFound(response: ServerResponse): void {
  response
    .writeHead(404, { 'content-type': 'application/json', 'x-error-code': 'RepoNotFound' })
    .end('{"error":"not found"}')
}
