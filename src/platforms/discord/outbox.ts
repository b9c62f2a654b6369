import { createHash } from 'node:crypto'
import { DiscordAPIError, RESTJSONErrorCodes as Codes, type Client, type Message } from 'discord.js'
import type { MessageRef, Place } from '../../chat/context.ts'
import type { Outbox } from '../../chat/outbox.ts'
import type { Reply } from '../../chat/reply.ts'
import { UserError } from '../../errors.ts'
import { messageRef } from './origin.ts'
import { renderReply, type DiscordMessage } from './render.ts'

/** How far back an own post is looked for after a crash. */
const lookedAt = 50

/** Posts that nobody has just asked for. */
export class DiscordOutbox implements Outbox {
  readonly #client: Client

  constructor(client: Client) {
    this.#client = client
  }

  async post(place: Place, reply: Reply, key: string): Promise<MessageRef> {
    const message = { ...renderReply(reply), nonce: nonceOf(key), enforceNonce: true }
    return messageRef(place, await sendTo(this.#client, place, message))
  }

  async findPost(place: Place, key: string): Promise<MessageRef | undefined | 'cannot-look'> {
    try {
      const channel = await this.#client.channels.fetch(place.channel)
      if (!channel?.isTextBased()) return undefined
      const recent = await channel.messages.fetch({ limit: lookedAt, cache: false })
      const own = recent.find(
        (message) => message.author.id === this.#client.user?.id && message.nonce === nonceOf(key),
      )
      return own && messageRef(place, own)
    } catch (error) {
      if (error instanceof DiscordAPIError && isForbidden(error)) return 'cannot-look'
      throw error
    }
  }

  async edit(ref: MessageRef, reply: Reply): Promise<void> {
    const channel = await this.#client.channels.fetch(ref.channel)
    if (!channel?.isTextBased()) throw new UserError('not-found', 'The channel of this message is gone.')
    await channel.messages.edit(ref.message, renderReply(reply))
  }

  async tell(_place: Omit<Place, 'channel'>, person: string, reply: Reply): Promise<void> {
    const user = await this.#client.users.fetch(person)
    await user.send(renderReply(reply))
  }
}

/** A nonce has at most 25 characters. */
const nonceOf = (key: string): string => createHash('sha256').update(key).digest('base64url').slice(0, 25)

const isForbidden = ({ code }: DiscordAPIError): boolean =>
  code === Codes.MissingAccess || code === Codes.MissingPermissions

/** Sends to a channel. @throws UserError where it is gone or the bot may not write there. */
export async function sendTo(
  client: Client,
  place: Place,
  message: DiscordMessage & { readonly nonce?: string; readonly enforceNonce?: boolean },
): Promise<Message> {
  try {
    const channel = await client.channels.fetch(place.channel)
    if (!channel?.isSendable())
      throw new UserError('not-found', 'The channel is gone, or is none that can be written in.')
    const { attachments: _editsOnly, ...fresh } = message
    return await channel.send(fresh)
  } catch (error) {
    if (!(error instanceof DiscordAPIError)) throw error
    if (error.code === Codes.UnknownChannel)
      throw new UserError('not-found', 'The channel is gone.', { cause: error })
    if (isForbidden(error)) {
      throw new UserError(
        'not-allowed',
        `I may not post in <#${place.channel}>: please give me View Channel, Send Messages and Attach Files there.`,
        { cause: error },
      )
    }
    throw error
  }
}
