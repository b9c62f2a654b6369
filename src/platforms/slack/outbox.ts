import type { webApi } from '@slack/bolt'
import type { MessageRef, Place } from '../../chat/context.ts'
import type { Outbox } from '../../chat/outbox.ts'
import type { Reply } from '../../chat/reply.ts'
import { UserError } from '../../errors.ts'
import { errorCode } from './errors.ts'
import { shareFile, uploadPictures } from './files.ts'
import { renderReply } from './render.ts'

/** Marks own posts, so that they are found again after a crash. */
const eventType = 'neuron_games_post'
const lookedAt = 50
const gone = new Set(['channel_not_found', 'is_archived'])
const forbidden = new Set([
  'not_in_channel',
  'restricted_action',
  'missing_scope',
  'account_inactive',
  'token_revoked',
])

/** Posts that nobody has just asked for. @param clientFor the client of a workspace, by its team id */
export class SlackOutbox implements Outbox {
  readonly #clientFor: (team: string) => Promise<webApi.WebClient>

  constructor(clientFor: (team: string) => Promise<webApi.WebClient>) {
    this.#clientFor = clientFor
  }

  async post(place: Place, reply: Reply, key: string): Promise<MessageRef> {
    const client = await this.#clientFor(place.community)
    return told(async () => {
      const message = renderReply(reply)
      const blocks = message.blocks(await uploadPictures(client, message.pictures))
      const metadata = { event_type: eventType, event_payload: { key } }
      const posted = await client.chat.postMessage({
        channel: place.channel,
        text: message.text,
        blocks,
        metadata,
      })
      for (const file of message.files) await shareFile(client, place.channel, file)
      return { ...place, message: posted.ts ?? '' }
    })
  }

  async findPost(place: Place, key: string): Promise<MessageRef | undefined | 'cannot-look'> {
    const client = await this.#clientFor(place.community)
    try {
      const { messages } = await client.conversations.history({
        channel: place.channel,
        limit: lookedAt,
        include_all_metadata: true,
      })
      const own = messages?.find(({ metadata }) => {
        const payload: Readonly<Record<string, unknown>> = metadata?.event_payload ?? {}
        return metadata?.event_type === eventType && payload['key'] === key
      })
      return own?.ts ? { ...place, message: own.ts } : undefined
    } catch (error) {
      const code = errorCode(error) ?? ''
      if (forbidden.has(code) || gone.has(code)) return 'cannot-look'
      throw error
    }
  }

  async edit(ref: MessageRef, reply: Reply): Promise<void> {
    const client = await this.#clientFor(ref.community)
    const message = renderReply(reply)
    const blocks = message.blocks(await uploadPictures(client, message.pictures))
    await client.chat.update({ channel: ref.channel, ts: ref.message, text: message.text, blocks })
  }

  async tell(place: Omit<Place, 'channel'>, person: string, reply: Reply): Promise<void> {
    const client = await this.#clientFor(place.community)
    const { channel } = await client.conversations.open({ users: person })
    const message = renderReply(reply)
    const blocks = message.blocks(await uploadPictures(client, message.pictures))
    await client.chat.postMessage({ channel: channel?.id ?? person, text: message.text, blocks })
  }
}

async function told<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send()
  } catch (error) {
    const code = errorCode(error) ?? ''
    if (gone.has(code)) throw new UserError('not-found', 'The channel is gone or archived.', { cause: error })
    if (!forbidden.has(code)) throw error
    throw new UserError('not-allowed', 'I may not post in that channel: please invite me there (/invite).', {
      cause: error,
    })
  }
}
