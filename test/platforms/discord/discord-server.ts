import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'
import { wrongWith } from './validate.ts'

export interface Sent {
  readonly id: string
  readonly channel_id: string
  readonly content: string
  readonly flags: number
  readonly components: unknown[]
  readonly attachments: {
    id: string
    filename: string
    url: string
    description?: string
    content_type: string
    size: number
  }[]
  readonly nonce?: string
  readonly author: { id: string; username: string; bot: boolean }
  readonly timestamp: string
}

/** What came of one interaction, as a member of the server sees it. */
export interface Answered {
  acknowledgedAfterMs?: number
  ephemeral: boolean
  original?: Sent
  edits: number
  deleted: boolean
  followUps: Sent[]
  /** Every state of every message in answer to it, in order. */
  states: { readonly sent: Sent; readonly forOne: boolean }[]
  modal?: { custom_id: string; title: string; components: unknown[] }
  choices?: { name: string; value: string }[]
}

export const ids = { bot: '1000', guild: '2000', channel: '3000', user: '4000', other: '4001' } as const
export const token = 'the-bot-token-of-the-test'
const ephemeralFlag = 64
const allPermissions = String((1n << 50n) - 1n)

/**
 * As much of Discord as the stock discord.js needs: gateway, commands, interactions and how long their tokens live,
 * messages and files, over the real protocol. Every body is checked; `wrong` says what is wrong with them.
 */
export class DiscordServer {
  readonly wrong: string[] = []
  readonly messages: Sent[] = []
  readonly commands: { id: string; name: string; type?: number }[] = []
  readonly calls: string[] = []
  /** Tokens of interactions live this long; a test shortens it. */
  tokenMs = 15 * 60_000
  /** The error with which changes and deletions of answers are refused. */
  failEdit: { status: number; code: number } | undefined
  /**
   * Calls that break off ("POST /channels/…"), once each: before they are done; after, when only the answer is lost;
   * or with an answer that never comes.
   */
  readonly breaking: { readonly call: RegExp; readonly how: 'before' | 'after' | 'hang' }[] = []
  /** Where interactions go instead of the gateway. */
  endpoint: ((interaction: object) => Promise<unknown>) | undefined
  /** Shards that have identified: number and count. */
  readonly shards: unknown[] = []
  readonly #files = new Map<string, { bytes: Buffer; type: string }>()
  readonly #interactions = new Map<
    string,
    { answered: Answered; at: number; channel: string; message: Sent | undefined }
  >()
  /** What came of members' messages, by their id. */
  readonly #said = new Map<string, Answered>()
  readonly #http: Server
  readonly #gateway: WebSocketServer
  #socket: WebSocket | undefined
  #sequence = 0
  #lastId = 10_000

  constructor() {
    this.#http = createServer((request, response) => {
      this.#route(request, response).catch((error: unknown) => {
        this.wrong.push(String(error))
        reply(response, 500, { message: String(error), code: 0 })
      })
    })
    this.#gateway = new WebSocketServer({ server: this.#http })
    this.#gateway.on('connection', (socket) => this.#greet(socket))
  }

  async start(): Promise<void> {
    this.#http.listen(0, '127.0.0.1')
    await once(this.#http, 'listening')
  }

  async stop(): Promise<void> {
    for (const client of this.#gateway.clients) client.terminate()
    this.#http.closeAllConnections()
    this.#http.close()
    await once(this.#http, 'close')
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  /** A member's picture, as an attachment of an interaction. */
  upload(name: string, bytes: Uint8Array, type = 'image/png') {
    const id = this.#id()
    this.#files.set(id, { bytes: Buffer.from(bytes), type })
    const url = `${this.origin}/attachments/${id}/${name}`
    return { id, filename: name, url, proxy_url: url, size: bytes.length, content_type: type }
  }

  file(url: string): Buffer {
    return this.#files.get(new URL(url).pathname.split('/')[2] ?? '')!.bytes
  }

  /** Sends an interaction to the bot. @param type 2 command, 3 component, 4 completion, 5 modal */
  interact(
    type: number,
    data: object,
    more: {
      user?: string
      message?: Sent
      forOne?: boolean
      permissions?: string
      appPermissions?: string
      /** Other values of the interaction itself. */
      over?: object
    } = {},
  ): Answered {
    const id = this.#id()
    const answered: Answered = {
      ephemeral: more.forOne ?? false,
      edits: 0,
      deleted: false,
      followUps: [],
      states: [],
    }
    const interactionToken = `interaction-token-${id}`
    this.#interactions.set(interactionToken, {
      answered,
      at: Date.now(),
      channel: ids.channel,
      message: more.message,
    })
    const user = {
      id: more.user ?? ids.user,
      username: 'ada',
      global_name: 'Ada',
      discriminator: '0',
      avatar: null,
    }
    this.#deliver({
      id: String(BigInt(snowflake()) + BigInt(this.#interactions.size)),
      application_id: ids.bot,
      type,
      data,
      token: interactionToken,
      version: 1,
      guild_id: ids.guild,
      channel_id: ids.channel,
      channel: { id: ids.channel, type: 0, guild_id: ids.guild, name: 'general' },
      member: {
        user,
        roles: [],
        joined_at: new Date(0).toISOString(),
        deaf: false,
        mute: false,
        flags: 0,
        permissions: more.permissions ?? '0',
      },
      message: more.message,
      app_permissions: more.appPermissions ?? allPermissions,
      attachment_size_limit: 10 << 20,
      locale: 'en-US',
      guild_locale: 'en-US',
      entitlements: [],
      authorizing_integration_owners: { 0: ids.guild },
      context: 0,
      ...more.over,
    })
    return answered
  }

  /** A member says something in a channel; the bot sees of it what it does without a privileged intent. */
  say(message: {
    readonly content?: string
    readonly attachments?: readonly object[]
    readonly user?: string
    readonly more?: object
  }): Answered {
    const { content = '', attachments = [], user = ids.user, more = {} } = message
    const answered: Answered = { ephemeral: false, edits: 0, deleted: false, followUps: [], states: [] }
    const id = String(BigInt(snowflake()) + BigInt(this.#said.size))
    this.#said.set(id, answered)
    const author = { id: user, username: 'ada', global_name: 'Ada', discriminator: '0', avatar: null }
    const named = content.includes(`<@${ids.bot}>`)
    this.dispatch('MESSAGE_CREATE', {
      ...posted({ id, author, attachments: named ? attachments : [], content: named ? content : '' }),
      mentions: named
        ? [{ id: ids.bot, username: 'neuron-games', discriminator: '0', avatar: null, bot: true }]
        : [],
      guild_id: ids.guild,
      member: { roles: [], joined_at: new Date(0).toISOString(), deaf: false, mute: false, flags: 0 },
      ...more,
    })
    return answered
  }

  #deliver(interaction: object): void {
    if (!this.endpoint) return this.dispatch('INTERACTION_CREATE', interaction)
    this.endpoint(interaction).catch((error: unknown) => this.wrong.push(String(error)))
  }

  dispatch(event: string, data: unknown): void {
    this.#socket?.send(JSON.stringify({ op: 0, s: (this.#sequence += 1), t: event, d: data }))
  }

  #greet(socket: WebSocket): void {
    socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: 40_000 } }))
    socket.on('message', (raw: Buffer) => {
      const { op, d } = JSON.parse(raw.toString()) as {
        op: number
        d: { token?: string; shard?: unknown }
      }
      if (op === 1) socket.send(JSON.stringify({ op: 11 }))
      if (op !== 2) return
      this.shards.push(d.shard)
      if (d.token !== token) return socket.close(4004, 'Authentication failed')
      this.#socket = socket
      const user = { id: ids.bot, username: 'neuron-games', discriminator: '0', avatar: null, bot: true }
      this.dispatch('READY', {
        v: 10,
        user,
        guilds: [{ id: ids.guild, unavailable: true }],
        session_id: 'session',
        resume_gateway_url: this.origin.replace('http', 'ws'),
        shard: [0, 1],
        application: { id: ids.bot, flags: 0 },
      })
      this.dispatch('GUILD_CREATE', guild())
    })
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request
    const { pathname, searchParams } = new URL(url, this.origin)
    const [first, second] = pathname.split('/').slice(1)
    if (first === 'attachments') {
      const file = this.#files.get(second ?? '')
      response.writeHead(file ? 200 : 404, { 'content-type': file?.type ?? 'text/plain' }).end(file?.bytes)
      return
    }
    const path = pathname.replace(/^\/api\/v10/, '')
    this.calls.push(`${method} ${path}`)
    const broken = this.breaking.findIndex(({ call }) => call.test(`${method} ${path}`))
    if (broken >= 0) {
      const [{ how } = { how: 'before' }] = this.breaking.splice(broken, 1)
      if (how === 'before') return void request.socket.destroy()
      // Done, but nobody hears about it.
      response.writeHead = () => response
      response.end = () => {
        if (how === 'after') request.socket.destroy()
        return response
      }
    }
    const { body, files } = await readBody(request)
    if (path === '/gateway/bot') {
      const limit = { total: 1000, remaining: 999, reset_after: 0, max_concurrency: 1 }
      return reply(response, 200, {
        url: this.origin.replace('http', 'ws'),
        shards: 1,
        session_start_limit: limit,
      })
    }
    if (/\/commands(\/|$)/.test(path)) return this.#commands(method, path, body, response)
    if (path.startsWith('/interactions/')) return this.#callback(path, body, files, response, searchParams)
    if (path.startsWith('/webhooks/')) return this.#webhook(method, path, body, files, response)
    return this.#channel(method, path, body, files, response)
  }

  #commands(method: string, path: string, body: Record<string, unknown>, response: ServerResponse): void {
    const inGuild = path.includes('/guilds/')
    const documented = `/applications/{application_id}${inGuild ? '/guilds/{guild_id}' : ''}/commands`
    const id = /\/commands\/(\d+)$/.exec(path)?.[1]
    const index = this.commands.findIndex((command) => command.id === id)
    if (method === 'GET') return reply(response, 200, this.commands)
    if (method === 'DELETE') {
      this.commands.splice(index, 1)
      return reply(response, 204)
    }
    this.wrong.push(...wrongWith(method, id ? `${documented}/{command_id}` : documented, body))
    const stored = {
      default_member_permissions: null,
      nsfw: false,
      dm_permission: true,
      ...body,
      id: id ?? this.#id(),
      name: String(body['name']),
    }
    if (id) this.commands[index] = stored
    else this.commands.push(stored)
    return reply(response, 200, stored)
  }

  #callback(
    path: string,
    body: Record<string, unknown>,
    files: Files,
    response: ServerResponse,
    query: URLSearchParams,
  ): void {
    const entry = this.#interactions.get(path.split('/')[3] ?? '')
    if (!entry) return reply(response, 404, { code: 10_062, message: 'Unknown interaction' })
    if (entry.answered.acknowledgedAfterMs !== undefined) {
      return reply(response, 400, { code: 40_060, message: 'Interaction has already been acknowledged.' })
    }
    this.wrong.push(...wrongWith('POST', '/interactions/{interaction_id}/{interaction_token}/callback', body))
    const { answered } = entry
    answered.acknowledgedAfterMs = Date.now() - entry.at
    const data = (body['data'] ?? {}) as { flags?: number; choices?: Answered['choices'] } & NonNullable<
      Answered['modal']
    >
    // An update of the message that holds the button leaves it as it was.
    if (body['type'] !== 6) answered.ephemeral = ((data.flags ?? 0) & ephemeralFlag) !== 0
    if (body['type'] === 6 && entry.message) answered.original = entry.message
    if (body['type'] === 4) answered.original = this.#message(entry.channel, data, files)
    if (body['type'] === 8 && data.choices) answered.choices = data.choices
    if (body['type'] === 9) answered.modal = data
    if (query.get('with_response') === 'true') {
      return reply(response, 200, {
        interaction: { id: '1', type: 2 },
        resource: { type: body['type'], message: answered.original },
      })
    }
    return reply(response, 204)
  }

  #webhook(
    method: string,
    path: string,
    body: Record<string, unknown>,
    files: Files,
    response: ServerResponse,
  ): void {
    const [, , , interactionToken = '', , which] = path.split('/')
    const entry = this.#interactions.get(interactionToken)
    if (!entry || Date.now() - entry.at >= this.tokenMs) {
      return reply(response, 401, { code: 50_027, message: 'Invalid Webhook Token' })
    }
    const { answered, channel } = entry
    if (this.failEdit && which) {
      return reply(response, this.failEdit.status, {
        code: this.failEdit.code,
        message: 'failed by the test',
      })
    }
    if (method === 'DELETE') {
      answered.deleted = true
      return reply(response, 204)
    }
    if (method === 'GET') return reply(response, 200, answered.original)
    const documented = which
      ? `/webhooks/{webhook_id}/{webhook_token}/messages/${which.startsWith('@') ? '@original' : '{message_id}'}`
      : '/webhooks/{webhook_id}/{webhook_token}'
    this.wrong.push(...wrongWith(method, documented, body))
    const message = this.#message(channel, body, files, which ? answered.original : undefined)
    const forOne = which ? answered.ephemeral : (message.flags & ephemeralFlag) !== 0
    answered.states.push({ sent: message, forOne })
    if (which) {
      answered.original = message
      answered.edits += 1
    } else {
      answered.followUps.push(message)
    }
    return reply(response, 200, message)
  }

  #channel(
    method: string,
    path: string,
    body: Record<string, unknown>,
    files: Files,
    response: ServerResponse,
  ): void {
    const [, , channel = '', , messageId] = path.split('/')
    if (path === '/applications/@me') return reply(response, 200, { id: ids.bot, name: 'neuron games' })
    if (path === '/users/@me')
      return reply(response, 200, { id: ids.bot, username: 'neuron-games', bot: true })
    if (path === '/users/@me/channels')
      return reply(response, 200, { id: '3999', type: 1, recipients: [{ id: ids.user, username: 'ada' }] })
    if (path.startsWith('/users/'))
      return reply(response, 200, { id: channel, username: 'ada', discriminator: '0', avatar: null })
    if (!path.startsWith('/channels/'))
      return reply(response, 404, { code: 0, message: `no such path: ${path}` })
    if (!['3000', '3999'].includes(channel))
      return reply(response, 404, { code: 10_003, message: 'Unknown Channel' })
    if (!path.includes('/messages'))
      return reply(response, 200, {
        id: channel,
        type: channel === '3999' ? 1 : 0,
        guild_id: ids.guild,
        name: 'general',
      })
    if (method === 'GET') {
      // A nonce is sent when a message is made, and not again.
      const there = this.messages.filter((message) => message.channel_id === channel).reverse()
      return reply(
        response,
        200,
        there.map(({ nonce: _told, ...message }) => message),
      )
    }
    this.wrong.push(
      ...wrongWith(method, `/channels/{channel_id}/messages${messageId ? '/{message_id}' : ''}`, body),
    )
    const same = this.messages.find(
      (message) => message.nonce !== undefined && message.nonce === body['nonce'],
    )
    if (method === 'POST' && same && body['enforce_nonce']) return reply(response, 200, same)
    const index = this.messages.findIndex(({ id }) => id === messageId)
    const message = this.#message(channel, body, files, this.messages[index])
    if (index >= 0) this.messages[index] = message
    else this.messages.push(message)
    const to = (body['message_reference'] as { message_id?: string } | undefined)?.message_id
    const answered = to
      ? this.#said.get(to)
      : [...this.#said.values()].find(({ original }) => original?.id === message.id)
    if (answered) {
      answered.acknowledgedAfterMs ??= 0
      answered.original ??= message
      answered.states.push({ sent: message, forOne: false })
    }
    return reply(response, 200, message)
  }

  #message(channel: string, body: Record<string, unknown>, files: Files, before?: Sent): Sent {
    const described = (body['attachments'] ?? []) as { id: number | string; description?: string }[]
    const attachments = files.map(({ index, name, type, bytes }) => {
      const { filename, url, size, id } = this.upload(name, bytes, type)
      const description = described.find((each) => String(each.id) === index)?.description
      if (!description) this.wrong.push(`${name} has no alt text`)
      return { id, filename, url, size, content_type: type, ...(description ? { description } : {}) }
    })
    return {
      id: before?.id ?? this.#id(),
      channel_id: channel,
      content: textOf(body['content']),
      flags: Number(body['flags'] ?? 0),
      components: (body['components'] ?? []) as unknown[],
      attachments,
      ...(body['nonce'] ? { nonce: textOf(body['nonce']) } : {}),
      author: { id: ids.bot, username: 'neuron-games', bot: true },
      timestamp: new Date().toISOString(),
    }
  }

  #id(): string {
    this.#lastId += 1
    return String(this.#lastId)
  }
}

type Files = { index: string; name: string; type: string; bytes: Buffer }[]

async function readBody(request: IncomingMessage): Promise<{ body: Record<string, unknown>; files: Files }> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const raw = Buffer.concat(chunks)
  const type = request.headers['content-type'] ?? ''
  if (raw.length === 0) return { body: {}, files: [] }
  if (!type.startsWith('multipart/'))
    return { body: JSON.parse(raw.toString()) as Record<string, unknown>, files: [] }
  const form = await new Response(raw, { headers: { 'content-type': type } }).formData()
  const files: Files = []
  for (const [key, value] of form) {
    const index = /^files\[(\d+)\]$/.exec(key)?.[1]
    if (index === undefined || typeof value === 'string') continue
    const kind = value.name.endsWith('.jpeg') || value.name.endsWith('.jpg') ? 'image/jpeg' : 'image/png'
    files.push({ index, name: value.name, type: kind, bytes: Buffer.from(await value.arrayBuffer()) })
  }
  const body = JSON.parse(textOf(form.get('payload_json')) || '{}') as Record<string, unknown>
  // The document describes attachments by file name; discord.js only sends what accompanies the bytes.
  const described = (body['attachments'] ?? []) as { id: string | number; filename?: string }[]
  body['attachments'] = described.map((each) => ({
    filename: files.find(({ index }) => index === String(each.id))?.name,
    ...each,
  }))
  return { body, files }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

function reply(response: ServerResponse, status: number, body?: unknown): void {
  if (body === undefined) response.writeHead(status).end()
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** A member's message, with whatever else a payload needs. */
export const posted = (message: {
  id: string
  author: object
  attachments?: readonly object[]
  content?: string
}) => ({
  channel_id: ids.channel,
  content: '',
  attachments: [],
  embeds: [],
  mentions: [],
  mention_roles: [],
  components: [],
  timestamp: new Date(0).toISOString(),
  edited_timestamp: null,
  tts: false,
  mention_everyone: false,
  pinned: false,
  flags: 0,
  type: 0,
  ...message,
})

/** Discord's ids contain the time; discord.js reads an interaction's age from it. */
const snowflake = (): string => String((BigInt(Date.now()) - 1_420_070_400_000n) << 22n)

const guild = () => ({
  id: ids.guild,
  name: 'Home',
  owner_id: ids.user,
  channels: [{ id: ids.channel, type: 0, name: 'general', position: 0, permission_overwrites: [] }],
  roles: [
    {
      id: ids.guild,
      name: '@everyone',
      permissions: allPermissions,
      position: 0,
      color: 0,
      hoist: false,
      managed: false,
      mentionable: false,
      flags: 0,
    },
  ],
  members: [
    {
      user: { id: ids.bot, username: 'neuron-games', discriminator: '0', avatar: null, bot: true },
      roles: [],
      joined_at: new Date(0).toISOString(),
      deaf: false,
      mute: false,
      flags: 0,
    },
  ],
  emojis: [],
  stickers: [],
  threads: [],
  presences: [],
  voice_states: [],
  stage_instances: [],
  guild_scheduled_events: [],
  soundboard_sounds: [],
  member_count: 2,
  large: false,
  unavailable: false,
  features: [],
  premium_tier: 0,
  verification_level: 0,
  default_message_notifications: 0,
  explicit_content_filter: 0,
  mfa_level: 0,
  nsfw_level: 0,
  system_channel_flags: 0,
  preferred_locale: 'en-US',
  joined_at: new Date(0).toISOString(),
})
