import { createHash, randomUUID } from 'node:crypto'
import {
  DiscordAPIError,
  RESTJSONErrorCodes as Codes,
  type Client,
  type Message,
  type User,
} from 'discord.js'
import type { MessageRef, Place } from '../../chat/place.ts'
import type { Outbox } from '../../chat/outbox.ts'
import type { Reply } from '../../chat/reply.ts'
import { UserError } from '../../errors.ts'
import { messageRef } from './origin.ts'
import { renderReply, type DiscordMessage } from './render.ts'

/** How far back an own post is looked for after a crash. */
const lookedAt = 50

/** Posts that don't answer anybody. */
export class DiscordOutbox implements Outbox {
  readonly #client: Client
  readonly #userId: string

  constructor(client: Client, userId: string) {
    this.#client = client
    this.#userId = userId
  }

  async post(place: Place, reply: Reply, key: string): Promise<MessageRef> {
    return messageRef(place, await sendTo(this.#client, place, renderReply(reply), key))
  }

  async findPost(place: Place, key: string): Promise<MessageRef | undefined | 'cannot-look'> {
    try {
      const channel = await channelOf(this.#client, place.channel)
      if (!channel?.isTextBased()) return undefined
      const recent = await channel.messages.fetch({ limit: lookedAt, cache: false })
      const own = recent.find(
        ({ author, components }) => author.id === this.#userId && components[0]?.id === markOf(key),
      )
      return own && messageRef(place, own)
    } catch (error) {
      if (error instanceof DiscordAPIError && isForbidden(error)) return 'cannot-look'
      throw error
    }
  }

  async edit(ref: MessageRef, reply: Reply): Promise<void> {
    const channel = await channelOf(this.#client, ref.channel)
    if (!channel?.isTextBased()) throw new UserError('not-found', 'platform.discord.messageGone')
    await channel.messages.edit(ref.message, renderReply(reply))
  }

  async tell(_place: Omit<Place, 'channel'>, person: string, reply: Reply): Promise<void> {
    await sendToPerson(await this.#client.users.fetch(person), renderReply(reply))
  }
}

/** Without the gateway, discord.js doesn't know which server a channel belongs to. */
const channelOf = (client: Client, id: string) => client.channels.fetch(id, { allowUnknownGuild: true })

/** A nonce has at most 25 characters. For a few minutes Discord does not make a second message with the same one. */
const nonceOf = (key: string): string => createHash('sha256').update(key).digest('base64url').slice(0, 25)

/** An id for the message's card, by which it can be found later: a nonce cannot be read back. */
const markOf = (key: string): number => createHash('sha256').update(key).digest().readUInt32BE() >>> 1

/** Options with which a message can be sent twice and still be one message. */
function once({ attachments: _editsOnly, components, ...message }: DiscordMessage, key: string) {
  const [card, ...others] = components
  const marked = card ? [{ ...card, id: markOf(key) }, ...others] : []
  return { ...message, components: marked, nonce: nonceOf(key), enforceNonce: true }
}

/** Sends to a person's direct messages. */
export const sendToPerson = (user: User, message: DiscordMessage): Promise<Message> =>
  user.send(once(message, randomUUID()))

const isForbidden = ({ code }: DiscordAPIError): boolean => forbidden.has(code)

const gone = new Set<number | string>([Codes.UnknownChannel, Codes.UnknownGuild])
const locked = new Set<number | string>([Codes.InvalidActionOnArchivedThread, Codes.ThreadLocked])
const forbidden = new Set<number | string>([
  Codes.MissingAccess,
  Codes.MissingPermissions,
  Codes.CannotSendMessagesInNonTextChannel,
])

/**
 * Sends to a channel.
 * @param key names the message: a repeat within a few minutes is the same message
 * @param to the message that it answers
 * @throws UserError if it is gone or the bot may not write there
 */
export async function sendTo(
  client: Client,
  place: Place,
  message: DiscordMessage,
  key: string,
  to?: string,
): Promise<Message> {
  try {
    const channel = await channelOf(client, place.channel)
    if (!channel?.isSendable()) throw new UserError('not-found', 'platform.discord.notWritable')
    const reply = to ? { reply: { messageReference: to, failIfNotExists: false } } : {}
    return await channel.send({ ...once(message, key), ...reply })
  } catch (error) {
    if (!(error instanceof DiscordAPIError)) throw error
    const { code } = error
    if (gone.has(code)) throw new UserError('not-found', 'platform.channelGone', { cause: error })
    if (locked.has(code)) {
      throw new UserError('not-allowed', 'platform.discord.locked', {
        values: { channel: place.channel },
        cause: error,
      })
    }
    if (!isForbidden(error)) throw error
    throw new UserError('not-allowed', 'platform.discord.mayNotPost', {
      values: { channel: place.channel },
      cause: error,
    })
  }
}
