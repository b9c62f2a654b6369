import {
  Events,
  Routes,
  type APIApplication,
  type APIInteraction,
  type APIUser,
  type Client,
} from 'discord.js'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { RecordKind, Store } from '../../store/store.ts'
import { serveInteractions } from './endpoint.ts'

/** The bot's identity on Discord, once interactions can reach us. */
export interface Session {
  readonly applicationId: string
  readonly userId: string
  close(): Promise<void>
}

/** Over the gateway: interactions, messages and servers arrive on our own connection. */
export async function openGateway(client: Client, token: string): Promise<Session> {
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve))
  await client.login(token)
  const { application, user } = await ready
  return { applicationId: application.id, userId: user.id, close: () => client.destroy() }
}

export interface HttpSetup {
  readonly publicKey: string
  readonly host: string
  readonly port: number
}

/** An interaction that was received, under its id: a signed request can be replayed for as long as it is fresh. */
export const taken = {
  name: 'discord-interaction',
  version: 1,
  lives: 15 * 60_000,
  schema: z.object({}),
} satisfies RecordKind<object>

/**
 * Over signed HTTP: only interactions arrive, at any of several processes. discord.js has no receiver for them, so they are
 * handed to the internal function to which its gateway hands them, which is not in its types.
 */
export async function openEndpoint(
  client: Client,
  {
    token,
    http,
    store,
    log,
  }: { token: string; http: HttpSetup; store: Pick<Store, 'insertIfAbsent'>; log: Logger },
): Promise<Session> {
  const inside = client as unknown as {
    readonly guilds: { _add(guild: object): void }
    readonly actions: { readonly InteractionCreate: { handle(interaction: APIInteraction): void } }
  }
  client.rest.setToken(token)
  const application = (await client.rest.get(Routes.currentApplication())) as APIApplication
  const user = (await client.rest.get(Routes.user())) as APIUser
  const endpoint = await serveInteractions({
    ...http,
    log,
    async take(interaction) {
      const { id, guild_id: guild } = interaction
      const scope = { platform: 'discord', community: guild ?? `dm-${interaction.channel?.id ?? ''}` }
      if (!(await store.insertIfAbsent(taken, scope, [id], {}))) {
        log.info({ id }, 'discord: an interaction came again')
        return
      }
      // Without the server discord.js doesn't know the channel, and without the channel not a thread's parent.
      if (guild && !client.guilds.cache.has(guild)) inside.guilds['_add']({ id: guild, ...interaction.guild })
      inside.actions.InteractionCreate.handle(interaction)
    },
  })
  return {
    applicationId: application.id,
    userId: user.id,
    async close() {
      await endpoint.close()
      await client.destroy()
    },
  }
}
