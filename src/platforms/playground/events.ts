import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Envelope, Hub } from './hub.ts'

/** Keeps proxies from ending a silent stream, and finds out about a browser that went without a word. */
const pingEveryMs = 25_000
/** A page that reads so slowly is let go; it comes back and starts afresh. */
const maxBacklog = 2_000

/** The open streams of events, one for each page. */
export class Streams {
  readonly #closing = new AbortController()
  readonly #hub: Hub

  constructor(hub: Hub) {
    this.#hub = hub
  }

  close(): void {
    this.#closing.abort()
  }

  /** Answers with what came after the page's last event, then with all that comes. */
  open(c: Context, person: string): Response {
    const cursor = c.req.header('last-event-id') ?? c.req.query('after')
    return streamSSE(c, async (stream) => {
      const backlog: Envelope[] = []
      let wake: (() => void) | undefined
      const stop = this.#hub.listen(person, cursor, (envelope) => {
        backlog.push(envelope)
        wake?.()
      })
      const timer = setInterval(() => void stream.write(': ping\n\n'), pingEveryMs)
      const over = (): boolean =>
        stream.aborted || this.#closing.signal.aborted || backlog.length > maxBacklog
      stream.onAbort(() => wake?.())
      const onClose = (): void => wake?.()
      this.#closing.signal.addEventListener('abort', onClose)
      // Says that the stream is open if there is nothing else to say yet.
      await stream.write('retry: 1000\n\n')
      while (!over()) {
        const envelope = backlog.shift()
        if (envelope) await stream.writeSSE({ id: envelope.id, data: JSON.stringify(envelope.event) })
        else await new Promise<void>((resolve) => (wake = resolve))
      }
      clearInterval(timer)
      this.#closing.signal.removeEventListener('abort', onClose)
      stop()
    })
  }
}
