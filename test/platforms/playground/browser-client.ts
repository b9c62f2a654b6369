import { vi } from 'vitest'
import type { PageEvent, PageState } from '../../../src/platforms/playground/page.ts'
import type { PageElement, PageMessage } from '../../../src/platforms/playground/message.ts'

/** A browser without a page: keeps its cookie and talks to the server as the page does. */
export class BrowserClient {
  #url: string
  #cookie = ''

  constructor(url: string) {
    this.#url = url
  }

  /** A browser that has opened the page. */
  static async open(url: string): Promise<BrowserClient> {
    const browser = new BrowserClient(url)
    await browser.state()
    return browser
  }

  /** The same browser, after the playground was started again on another port. */
  moveTo(url: string): void {
    this.#url = url
  }

  /** Follows the link that the playground printed when it started. */
  async own(ownerUrl: string): Promise<Response> {
    return this.get(new URL(ownerUrl).pathname, {}, 'manual')
  }

  async get(
    path: string,
    headers: Record<string, string> = {},
    redirect: 'follow' | 'manual' = 'follow',
  ): Promise<Response> {
    const response = await fetch(this.#url + path, {
      headers: { cookie: this.#cookie, ...headers },
      redirect,
    })
    const set = response.headers.get('set-cookie')
    if (set) this.#cookie = set.split(';')[0]!
    return response
  }

  async post(
    path: string,
    request: Record<string, unknown>,
    files: Record<string, Blob> = {},
    headers: Record<string, string> = { origin: this.#url },
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const form = new FormData()
    form.set('request', JSON.stringify({ channel: 'general', ...request }))
    for (const [option, file] of Object.entries(files)) form.set(`file.${option}`, file, `${option}.png`)
    const response = await fetch(this.#url + path, {
      method: 'POST',
      headers: { cookie: this.#cookie, ...headers },
      body: form,
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  /** A body of unknown length. */
  async stream(path: string, body: ReadableStream): Promise<Response> {
    const headers = {
      cookie: this.#cookie,
      origin: this.#url,
      'content-type': 'multipart/form-data; boundary=x',
    }
    const request = { method: 'POST', headers, body, duplex: 'half' }
    return fetch(this.#url + path, request as RequestInit)
  }

  async state(): Promise<PageState> {
    return (await (await this.get('/api/state')).json()) as PageState
  }

  async run(
    path: string,
    options: Record<string, string> = {},
    files: Record<string, Blob> = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    return this.post('/api/run', { path: path.split(' '), options }, files)
  }

  /** Asks until this person sees a message like that. */
  message(wished: (message: PageMessage) => boolean): Promise<PageMessage> {
    const look = async (): Promise<PageMessage> => {
      const { messages } = await this.state()
      const found = messages.find(wished)
      if (!found) throw new Error(`no such message among ${JSON.stringify(messages)}`)
      return found
    }
    return vi.waitFor(look, { timeout: 600_000, interval: 25 })
  }

  /** Reads events until one matches; gives them all. */
  async events(
    wished: (event: PageEvent) => boolean,
    headers: Record<string, string> = {},
    query = '',
  ): Promise<{ id: string; event: PageEvent }[]> {
    const controller = new AbortController()
    const response = await fetch(`${this.#url}/api/events${query}`, {
      headers: { cookie: this.#cookie, ...headers },
      signal: controller.signal,
    })
    const events: { id: string; event: PageEvent }[] = []
    let rest = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop()!
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (data === undefined) continue
        const event: PageEvent = JSON.parse(data)
        events.push({ id: /^id: (.*)$/m.exec(block)![1]!, event })
        if (!wished(event)) continue
        controller.abort()
        return events
      }
    }
    throw new Error('the stream has ended')
  }
}

/** The words of an answer. */
export const wordsOf = ({ elements = [] }: PageMessage): string =>
  elements
    .flatMap((element) => ('spans' in element ? element.spans.map((span) => span.text).join('') : []))
    .join('\n')

export const elementOf = <K extends PageElement['kind']>(
  { elements = [] }: PageMessage,
  kind: K,
): Extract<PageElement, { kind: K }> => {
  const found = elements.find(
    (element): element is Extract<PageElement, { kind: K }> => element.kind === kind,
  )
  if (!found) throw new Error(`there is no ${kind} in ${JSON.stringify(elements)}`)
  return found
}
