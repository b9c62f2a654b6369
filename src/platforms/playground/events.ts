import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { Envelope, Hub } from './hub.ts'

/** Keeps proxies from ending a silent stream, and detects a browser that has silently gone. */
const pingEveryMs = 25_000
/** A page that falls this far behind is disconnected; it reconnects and starts afresh. */
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

  /** Answers with everything after the page's last event, then with whatever happens. */
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
      // Shows that the stream is open, in case there is nothing else to send yet.
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
