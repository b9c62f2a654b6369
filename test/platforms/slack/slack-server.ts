import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createEmulator, type Emulator } from 'emulate'
import { WebSocketServer, type WebSocket } from 'ws'
import { freePort } from '../../free-port.ts'
import { botScopes } from '../../../src/platforms/slack/manifest.ts'
import { limits } from '../../../src/platforms/slack/limits.ts'
import { textOf, valuesOf, wrongWithBlocks, wrongWithView } from './block-rules.ts'
import { argumentsOf, bytesOf, send, until, valuesOfObject, type Json } from './http.ts'

/** A state of a message, after one call. */
export interface State {
  readonly id: string
  readonly channel: string
  readonly text: string
  readonly blocks: readonly Json[]
  readonly files: readonly string[]
  /** The only one who sees it. */
  readonly onlyFor?: string
  readonly thread?: string
}

interface ResponseUrl {
  uses: number
  /** The message with the button that was pressed: `replace_original` always replaces this one. */
  readonly source: string | undefined
  /** The last answer: replaced if there is no button. */
  last: string
  readonly channel: string
  readonly user: string
  ephemeral: boolean
}

export const tokens = {
  bot: 'xoxb-0000000001-the-bot-of-the-test',
  app: 'xapp-1-A0001-the-app-of-the-test',
  signing: 'the-signing-secret-of-the-test',
  client: { clientId: '1.2', clientSecret: 'the-client-secret-of-the-test', stateSecret: 'the-state-secret' },
} as const

const memberToken = 'xoxp-a-member-who-uploads'

/**
 * Slack as the bot sees it: `emulate` serves the Web API and the files; in front of it this adds what it lacks
 * (Socket Mode, response_urls, files that are looked at later, channels without the bot, locales) and checks
 * every call. `wrong` says what is wrong with them.
 */
export class SlackServer {
  readonly wrong: string[] = []
  readonly calls: { readonly method: string; readonly args: Json; readonly token: string }[] = []
  readonly states: State[] = []
  readonly views: { readonly trigger: string; readonly view: Json; readonly user: string }[] = []
  /** What a download gives instead of the file: nothing special, a page, or a redirect to one. */
  logInPage: 'none' | 'page' | 'redirect' = 'none'
  /** The workspace for the next installation. */
  installing = 'T000000001'
  /** Methods that answer with this error. */
  readonly failing = new Map<string, string>()
  /** Methods whose next calls break off: before they are done, or after, when only the answer is lost. */
  readonly breaking = new Map<string, ('before' | 'after')[]>()
  readonly users: Record<'ada' | 'ben' | 'mo' | 'bot', string> = { ada: '', ben: '', mo: '', bot: '' }
  readonly channels = { games: '', elsewhere: '' }
  /** Files in messages above a thread, by the message's time. */
  readonly parents = new Map<string, readonly Json[]>()
  readonly #http: Server
  readonly #sockets: WebSocketServer
  #socket: WebSocket | undefined
  #emulator: Emulator | undefined
  #upstream = ''
  readonly #acknowledged = new Map<string, (payload: unknown) => void>()
  readonly #responses = new Map<string, ResponseUrl>()
  readonly #uploads = new Map<string, { alt: string; lookedAt: boolean }>()
  /** Tokens that Slack has issued; `emulate` would take any. */
  readonly #known = new Set<string>([tokens.bot, tokens.app, memberToken])
  #lastId = 0

  constructor() {
    this.#http = createServer((request, response) => {
      this.#route(request, response).catch((error: unknown) => {
        this.wrong.push(`the server failed: ${String(error)}`)
        send(response, 500, { ok: false, error: 'fatal_error' })
      })
    })
    this.#sockets = new WebSocketServer({ server: this.#http })
    this.#sockets.on('connection', (socket) => this.#greet(socket))
  }

  async start(): Promise<void> {
    this.#http.listen(0, '127.0.0.1')
    await once(this.#http, 'listening')
    const port = await freePort()
    const people = ['ada', 'ben', 'mo', 'bot']
    this.#emulator = await createEmulator({
      service: 'slack',
      port,
      hostname: '127.0.0.1',
      baseUrl: this.origin,
      seed: {
        slack: {
          users: people.map((name) => ({ name, real_name: name, is_admin: name === 'mo' })),
          channels: [{ name: 'games' }, { name: 'elsewhere' }],
          tokens: [
            { token: tokens.bot, user: 'bot', scopes: [...botScopes], type: 'bot' },
            {
              token: memberToken,
              user: 'ada',
              scopes: ['files:write', 'users:read', 'channels:read'],
              type: 'user',
            },
          ],
          oauth_apps: [
            {
              client_id: tokens.client.clientId,
              client_secret: tokens.client.clientSecret,
              name: 'neuron games',
              redirect_uris: [],
              scopes: [...botScopes],
            },
          ],
          strict_scopes: true,
        },
      },
    })
    this.#upstream = `http://127.0.0.1:${port}`
    const { members } = (await this.#ask('users.list', {}, memberToken)) as {
      members: { id: string; name: string }[]
    }
    for (const { id, name } of members) if (name in this.users) this.users[name as 'ada'] = id
    const { channels } = (await this.#ask('conversations.list', {}, memberToken)) as {
      channels: { id: string; name: string }[]
    }
    for (const { id, name } of channels) if (name in this.channels) this.channels[name as 'games'] = id
  }

  async stop(): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate()
    this.#http.closeAllConnections()
    this.#http.close()
    await Promise.all([once(this.#http, 'close'), this.#emulator?.close()])
  }

  /** @throws if anything that the bot has sent is wrong */
  mustBeContent(): void {
    if (this.wrong.length > 0) throw new Error(`Slack would refuse:\n${this.wrong.splice(0).join('\n')}`)
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  /** Tells the bot to reconnect, as Slack does every few hours. */
  closeSocket(): void {
    this.#socket?.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }))
    // Nothing more goes over it: an envelope could be lost with it.
    this.#socket = undefined
  }

  /** A bot is connected by Socket Mode. */
  get isConnected(): boolean {
    return this.#socket !== undefined
  }

  get apiUrl(): string {
    return `${this.origin}/api/`
  }

  /** Sends an envelope over the socket. @returns what the bot acknowledged with */
  async envelope(type: string, payload: Json): Promise<unknown> {
    const id = this.newId('envelope')
    const acknowledged = new Promise((resolve) => void this.#acknowledged.set(id, resolve))
    await until(() => this.#socket !== undefined, 'no bot is connected')
    this.#socket!.send(JSON.stringify({ type, envelope_id: id, payload, accepts_response_payload: true }))
    return acknowledged
  }

  async trigger(user: string): Promise<string> {
    const { trigger_id: id } = (await this.#ask(
      'views.generateTriggerId',
      { user_id: user },
      tokens.bot,
    )) as {
      trigger_id: string
    }
    return id
  }

  /** A response_url for an event; `id` is the message it came from. */
  responseUrl(channel: string, user: string, id?: string): string {
    const key = this.newId('response')
    const ephemeral = this.states.findLast((state) => state.id === id)?.onlyFor !== undefined
    this.#responses.set(key, { uses: 0, source: id, last: '', channel, user, ephemeral })
    return `${this.origin}/response/${key}`
  }

  /** A member's file, uploaded as theirs. */
  async upload(name: string, bytes: Uint8Array, mimetype = 'image/png'): Promise<Json> {
    const begun = (await this.#ask(
      'files.getUploadURLExternal',
      { filename: name, length: String(bytes.length) },
      memberToken,
    )) as { upload_url: string; file_id: string }
    await fetch(begun.upload_url, { method: 'POST', body: Buffer.from(bytes) })
    const { files } = (await this.#ask(
      'files.completeUploadExternal',
      { files: JSON.stringify([{ id: begun.file_id, title: name }]), channel_id: this.channels.games },
      memberToken,
    )) as { files: Json[] }
    return { ...files[0], mimetype }
  }

  newId(kind: string): string {
    this.#lastId += 1
    return `${kind}-${this.#lastId}`
  }

  async #ask(method: string, args: Record<string, string>, token: string): Promise<Json> {
    const response = await fetch(`${this.#upstream}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: new URLSearchParams(args),
    })
    const answer = (await response.json()) as Json
    if (!answer['ok']) throw new Error(`${method}: ${String(answer['error'])}`)
    return answer
  }

  #greet(socket: WebSocket): void {
    this.#socket = socket
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A0001' } }))
    socket.on('message', (raw: Buffer) => {
      const { envelope_id: id, payload } = JSON.parse(raw.toString()) as {
        envelope_id: string
        payload?: unknown
      }
      this.#acknowledged.get(id)?.(payload)
      this.#acknowledged.delete(id)
    })
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = undefined
    })
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', this.origin)
    const body = await bytesOf(request)
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
    if (pathname.startsWith('/response/')) {
      return this.#respond(pathname.split('/')[2]!, JSON.parse(body.toString()) as Json, response)
    }
    if (pathname.startsWith('/files-pri/')) {
      const page = '<!DOCTYPE html><html><title>Sign in</title></html>'
      if (this.logInPage === 'redirect') return void response.writeHead(302, { location: this.origin }).end()
      if (this.logInPage === 'page')
        return void response.writeHead(200, { 'content-type': 'text/html' }).end(page)
    }
    if (!pathname.startsWith('/api/')) return this.#forward(request, body, response)
    const method = pathname.slice('/api/'.length)
    const args = argumentsOf(body, request.headers['content-type'] ?? '')
    this.calls.push({ method, args, token })
    const breaks = this.breaking.get(method)?.shift()
    if (breaks === 'before') return void request.socket.destroy()
    const error = this.failing.get(method) ?? this.#check(method, args, token)
    if (error) return send(response, 200, { ok: false, error })
    if (method === 'apps.connections.open') {
      return send(response, 200, { ok: true, url: this.origin.replace('http', 'ws') })
    }
    return this.#forward(request, body, response, (answer) => {
      this.#after(method, args, answer)
      if (breaks === 'after') request.socket.destroy()
    })
  }

  /** Before the call: what Slack would refuse. @returns its error */
  #check(method: string, args: Json, token: string): string | undefined {
    if (method !== 'oauth.v2.access' && !this.#known.has(token)) return 'invalid_auth'
    if (method === 'apps.connections.open' && token !== tokens.app) return 'not_allowed_token_type'
    const complain = (wrong: readonly string[]) =>
      this.wrong.push(...wrong.map((what) => `${method}: ${what}`))
    if (['chat.postMessage', 'chat.update', 'chat.postEphemeral'].includes(method)) {
      if (args['channel'] === this.channels.elsewhere) return 'not_in_channel'
      const wrong = this.#wrongWithMessage(args)
      complain(wrong)
      if (wrong.length > 0) return 'invalid_blocks'
    }
    if (method === 'views.open' || method === 'views.publish') {
      const wrong = wrongWithView(args['view'] as Json)
      complain(wrong)
      if (wrong.length > 0) return 'invalid_arguments'
    }
    return undefined
  }

  #wrongWithMessage(args: Json): string[] {
    const { text, blocks } = args
    const wrong = blocks === undefined ? [] : wrongWithBlocks(blocks, 'message')
    if (typeof text !== 'string' || text.length === 0) wrong.push('no text beside the blocks')
    else if (text.length > limits.fallbackText) wrong.push(`text of ${text.length} characters`)
    for (const id of valuesOf(valuesOfObject(blocks, 'slack_file'), 'id')) {
      const upload = this.#uploads.get(String(id))
      if (!upload) wrong.push(`the picture ${String(id)} was not uploaded`)
      else if (!upload.lookedAt)
        wrong.push(`the picture ${String(id)} was named before Slack had looked at it`)
      else if (!upload.alt) wrong.push(`the picture ${String(id)} was uploaded without alt text`)
    }
    return wrong
  }

  /** After the call: what it has done, and what `emulate` leaves out. */
  #after(method: string, args: Json, answer: Record<string, unknown>): void {
    if (!answer['ok']) return
    const ts = textOf(answer['ts'] ?? answer['message_ts'])
    const { channel } = args
    if (method === 'chat.postMessage' || method === 'chat.update') {
      this.#show({ ...args, channel: answer['channel'] }, ts)
    } else if (method === 'chat.postEphemeral') {
      this.#show(args, ts, String(args['user']))
    } else if (method === 'chat.delete') {
      this.states.push({ id: ts, channel: String(channel), text: '', blocks: [], files: [] })
    } else if (method === 'files.getUploadURLExternal') {
      this.#uploads.set(String(answer['file_id']), { alt: textOf(args['alt_txt']), lookedAt: false })
    } else if (method === 'files.completeUploadExternal' && args['channel_id']) {
      const names = (answer['files'] as { name: string }[]).map(({ name }) => name)
      const shared = {
        id: this.newId('share'),
        channel: textOf(args['channel_id']),
        text: names.join(),
        blocks: [],
      }
      this.states.push({ ...shared, files: names })
    } else if (method === 'files.info') {
      const upload = this.#uploads.get(String(args['file']))
      // Slack only looks at a file some time after the upload; until then its kind is empty.
      if (upload && !upload.lookedAt) answer['file'] = { ...(answer['file'] as Json), mimetype: '' }
      if (upload) upload.lookedAt = true
    } else if (method === 'conversations.replies') {
      const files = this.parents.get(textOf(args['ts']))
      if (files) answer['messages'] = [{ ts: args['ts'], text: '', files }, ...(answer['messages'] as Json[])]
    } else if (method === 'users.info') {
      const more = { is_owner: false, is_primary_owner: false, locale: 'en-US' }
      answer['user'] = { ...(answer['user'] as Json), ...more }
    } else if (method === 'views.open' || method === 'views.publish') {
      const view = answer['view'] as Json
      this.views.push({
        trigger: textOf(args['trigger_id']),
        view,
        user: textOf(args['user_id']),
      })
    } else if (method === 'auth.test') {
      // For a bot's token Slack names the bot as well as its user.
      answer['bot_id'] = 'B0001'
    } else if (method === 'oauth.v2.access') {
      this.#known.add(textOf(answer['access_token']))
      answer['team'] = { id: this.installing, name: `workspace ${this.installing}` }
    }
  }

  #show(args: Json, id: string, onlyFor?: string): void {
    this.states.push({
      id,
      channel: String(args['channel']),
      text: String(args['text']),
      blocks: (args['blocks'] ?? []) as Json[],
      files: [],
      ...(onlyFor ? { onlyFor } : {}),
      ...(args['thread_ts'] ? { thread: textOf(args['thread_ts']) } : {}),
    })
  }

  #respond(key: string, body: Json, response: ServerResponse): void {
    const entry = this.#responses.get(key)
    if (!entry) return send(response, 404, { ok: false, error: 'no_such_url' })
    entry.uses += 1
    if (entry.uses > limits.responses) {
      this.wrong.push(`a response_url was used ${entry.uses} times`)
      return send(response, 404, { ok: false, error: 'used_url' })
    }
    const original = entry.source ?? entry.last
    if (body['delete_original'] === true) {
      this.states.push({ id: original, channel: entry.channel, text: '', blocks: [], files: [] })
      return send(response, 200, { ok: true })
    }
    const wrong = this.#wrongWithMessage(body)
    this.wrong.push(...wrong.map((what) => `response_url: ${what}`))
    if (wrong.length > 0) return send(response, 400, { ok: false, error: 'invalid_blocks' })
    const replaces = body['replace_original'] === true && original !== ''
    if (!replaces) entry.last = this.newId('response-message')
    const ephemeral = replaces ? entry.ephemeral : body['response_type'] !== 'in_channel'
    if (!entry.source) entry.ephemeral = ephemeral
    const shown = { ...body, channel: entry.channel }
    this.#show(shown, replaces ? original : entry.last, ephemeral ? entry.user : undefined)
    return send(response, 200, { ok: true })
  }

  async #forward(
    request: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
    change?: (answer: Record<string, unknown>) => void,
  ): Promise<void> {
    const { authorization, 'content-type': type } = request.headers
    const answer = await fetch(this.#upstream + (request.url ?? '/'), {
      method: request.method ?? 'GET',
      headers: { ...(authorization ? { authorization } : {}), ...(type ? { 'content-type': type } : {}) },
      redirect: 'manual',
      ...(request.method === 'GET' ? {} : { body: new Uint8Array(body) }),
    })
    if (change) {
      const parsed = (await answer.json()) as Record<string, unknown>
      change(parsed)
      return send(response, answer.status, parsed)
    }
    const location = answer.headers.get('location')
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? 'text/plain',
      ...(location ? { location } : {}),
    })
    response.end(Buffer.from(await answer.arrayBuffer()))
  }
}
