import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { InteractionResponseType, InteractionType, type APIInteraction } from 'discord.js'
import type { Logger } from 'pino'
import { ownerError } from '../../errors.ts'

/** Far more than any interaction: pictures come as links. */
const maxBytes = 1 << 20
/** Requests that were signed longer ago, or are dated ahead, are rejected: otherwise a signature would be good for ever. */
const clocksDifferMs = 5 * 60_000
const path = '/discord/interactions'

export interface EndpointSetup {
  /** Hexadecimal, from the application's page. */
  readonly publicKey: string
  readonly host: string
  readonly port: number
  readonly log: Logger
  /** Called for each interaction that Discord has signed; answers go through the API, as with the gateway. */
  readonly take: (interaction: APIInteraction) => Promise<void>
}

export interface Endpoint {
  readonly port: number
  close(): Promise<void>
}

/**
 * Receives interactions by signed HTTP instead of the gateway: any number of processes can be behind a load balancer.
 * @see https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint
 * @throws UserError 'bad-settings' if the key is invalid or the port is taken
 */
export async function serveInteractions(setup: EndpointSetup): Promise<Endpoint> {
  const { host, port, log, take } = setup
  const isSigned = await verifier(setup.publicKey)
  const server = createServer((request, response) => {
    respond(request)
      .then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(body && JSON.stringify(body))
      })
      .catch((error: unknown) => {
        log.error({ err: error }, 'discord: a request could not be answered')
        response.writeHead(500).end()
      })
  })

  async function respond(request: IncomingMessage): Promise<[status: number, body?: object]> {
    if (request.method !== 'POST' || request.url !== path) return [404]
    const body = await bytesOf(request)
    if (!body) return [413]
    if (!(await isSigned(request, body))) return [401]
    const interaction = JSON.parse(body.toString()) as APIInteraction
    if (interaction.type === InteractionType.Ping) return [200, { type: InteractionResponseType.Pong }]
    // Accepted; it is acknowledged through the API, like everything else.
    void take(interaction).catch((error: unknown) =>
      log.error({ err: error, interaction: interaction.id }, 'discord: an interaction could not be taken'),
    )
    return [202]
  }

  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw ownerError(
      'bad-settings',
      `Discord's interactions cannot be served on ${host}, port ${port}; please set DISCORD_PORT to another.`,
      { cause },
    )
  }
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close')
      server.close()
      // Everything that was received is answered; open connections wait for requests that won't come.
      server.closeAllConnections()
      await closed
    },
  }
}

/** The body; undefined if it is too long. */
async function bytesOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Ed25519 over the timestamp and the raw body. */
async function verifier(publicKey: string) {
  const raw = Buffer.from(publicKey, 'hex')
  if (raw.length !== 32 || publicKey.length !== 64) {
    throw ownerError(
      'bad-settings',
      'DISCORD_PUBLIC_KEY is not one: copy the 64 characters of "Public Key" from the application\'s page.',
    )
  }
  const key = await crypto.subtle.importKey('raw', raw, { name: 'Ed25519' }, false, ['verify'])
  return async ({ headers }: IncomingMessage, body: Buffer): Promise<boolean> => {
    const { 'x-signature-ed25519': signature, 'x-signature-timestamp': timestamp } = headers
    if (typeof signature !== 'string' || typeof timestamp !== 'string') return false
    const differs = Math.abs(Number(timestamp) * 1000 - Date.now())
    if (!(differs <= clocksDifferMs)) return false
    const signed = Buffer.concat([Buffer.from(timestamp), body])
    return crypto.subtle.verify('Ed25519', key, Buffer.from(signature, 'hex'), signed)
  }
}
