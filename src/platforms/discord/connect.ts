import { setMaxListeners } from 'node:events'
import {
  Client,
  Events,
  GatewayIntentBits,
  Options as CacheOptions,
  Partials,
  Status,
  type ClientOptions,
} from 'discord.js'
import type { Logger } from 'pino'
import type { Dispatcher } from '../../chat/dispatch.ts'
import type { Platform } from '../../chat/platform.ts'
import type { Store } from '../../store/store.ts'
import { declareCommands } from './declare.ts'
import { identifyInTurn } from './identify.ts'
import { Interactions } from './interactions.ts'
import { Mentions } from './mentions.ts'
import { fileOrigins } from './origin.ts'
import { DiscordOutbox } from './outbox.ts'
import { registerCommands } from './register.ts'
import { restOptions } from './rest.ts'
import { openEndpoint, openGateway, type HttpSetup } from './session.ts'

export interface DiscordSetup {
  readonly token: string
  /** Registers the commands only in this server, where they appear at once. */
  readonly guildId?: string
  readonly dispatcher: Dispatcher
  readonly store: Pick<Store, 'deleteScope' | 'insertIfAbsent'>
  readonly log: Logger
  /** Signed HTTP instead of the gateway. */
  readonly http?: HttpSetup
  /** The shards that this process serves, and how many there are in all; by default as many as Discord recommends. */
  readonly shards?: { readonly served: readonly number[]; readonly of: number }
  /** Base URLs of the API and of files; by default Discord's own. */
  readonly rest?: ClientOptions['rest']
  readonly origins?: readonly string[]
  /** How long running commands have to finish when the bot stops. */
  readonly finishMs?: number
}

/**
 * Logs in, or listens for signed requests; registers the commands if they have changed, and answers interactions. Needs no
 * privileged intent.
 * Sharding, reconnects and rate limits are discord.js's own.
 */
export async function connectDiscord(setup: DiscordSetup): Promise<Platform> {
  const { dispatcher, store, log, origins = fileOrigins, finishMs = 4000 } = setup
  const client = openClient(setup)
  const stopping = new AbortController()
  // Every running command listens to it, and a busy bot runs many.
  setMaxListeners(0, stopping.signal)
  const interactions = new Interactions(dispatcher, log, origins, stopping.signal)
  const mentions = new Mentions(dispatcher, log, origins, stopping.signal)
  client.on(Events.MessageCreate, (message) => void mentions.take(message))
  client.on(Events.InteractionCreate, (interaction) => void interactions.take(interaction))
  logEvents(client, log)
  // A server that is merely unreachable is marked unavailable, which is another event.
  client.on(Events.GuildDelete, (guild) => {
    store.deleteScope({ platform: 'discord', community: guild.id }).then(
      (records) =>
        log.info({ guild: guild.id, records }, 'discord: removed from a server, and its data deleted'),
      (error: unknown) =>
        log.error({ err: error, guild: guild.id }, 'discord: the data of a server could not be deleted'),
    )
  })
  const { token, http } = setup
  const session = http
    ? await openEndpoint(client, { token, http, store, log })
    : await openGateway(client, token)
  const registration = await registerCommands(
    {
      rest: client.rest,
      applicationId: session.applicationId,
      ...(setup.guildId ? { guildId: setup.guildId } : {}),
    },
    declareCommands(dispatcher.commands.all),
  )
  log.info({ mode: http ? 'http' : 'gateway', ...registration }, 'discord is connected')
  return {
    name: 'discord',
    outbox: new DiscordOutbox(client, session.userId),
    shards: () => client.ws.shards.map(({ status }) => (status === Status.Ready ? 'ready' : 'connecting')),
    async stop() {
      interactions.close()
      mentions.close()
      await Promise.race([dispatcher.idle(), new Promise((resolve) => setTimeout(resolve, finishMs).unref())])
      stopping.abort()
      await dispatcher.idle()
      await session.close()
    },
  }
}

function openClient({ store, shards, rest }: DiscordSetup): Client {
  return new Client({
    // Discord shows a message's content only if it mentions the bot, or is a direct message.
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
    // Direct messages, and threads that are not cached yet, come with as much of their channel as we need.
    partials: [Partials.Channel],
    ...(shards
      ? {
          shards: [...shards.served],
          shardCount: shards.of,
          ws: { buildIdentifyThrottler: identifyInTurn(store) },
        }
      : { shards: 'auto' as const }),
    allowedMentions: { parse: [], repliedUser: false },
    makeCache: CacheOptions.cacheWithLimits({ ...CacheOptions.DefaultMakeCacheSettings, MessageManager: 20 }),
    rest: { ...restOptions, ...rest },
  })
}

function logEvents(client: Client, log: Logger): void {
  client.on(Events.Debug, (message) => log.debug({ message }, 'discord client'))
  client.on(Events.Error, (error) => log.error({ err: error }, 'discord client'))
  client.on(Events.Warn, (warning) => log.warn({ warning }, 'discord client'))
  client.on(Events.ShardReconnecting, (shard) => log.warn({ shard }, 'discord reconnects'))
  client.on(Events.ShardResume, (shard) => log.info({ shard }, 'discord is back'))
  client.rest.on('rateLimited', ({ method, route, retryAfter }) =>
    log.warn({ method, route, retryAfter }, 'discord rate limit'),
  )
}
