import { randomUUID } from 'node:crypto'
import type { webApi } from '@slack/bolt'
import type { MessageRef, Place } from '../../chat/place.ts'
import type { Outbox } from '../../chat/outbox.ts'
import type { Reply } from '../../chat/reply.ts'
import { told } from './errors.ts'
import { shareFile, uploadPictures } from './files.ts'
import { findMessage, postMessage } from './post.ts'
import { renderReply } from './render.ts'

/** Posts that don't answer anybody. @param clientFor the client of a workspace, by its team id */
export class SlackOutbox implements Outbox {
  readonly #clientFor: (team: string) => Promise<webApi.WebClient>

  constructor(clientFor: (team: string) => Promise<webApi.WebClient>) {
    this.#clientFor = clientFor
  }

  async post(place: Place, reply: Reply, key: string): Promise<MessageRef> {
    const client = await this.#clientFor(place.community)
    try {
      const { channel } = place
      const message = renderReply(reply)
      const blocks = message.blocks(await uploadPictures(client, message.pictures))
      const { ts } = await postMessage(client, { channel, text: message.text, blocks }, key)
      for (const file of message.files) await shareFile(client, channel, file)
      return { ...place, message: ts }
    } catch (error) {
      throw told(error)
    }
  }

  async findPost(place: Place, key: string): Promise<MessageRef | undefined | 'cannot-look'> {
    const client = await this.#clientFor(place.community)
    const found = await findMessage(client, place, key)
    return typeof found === 'object' ? { ...place, message: found.ts } : found
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
    const sent = { channel: channel?.id ?? person, text: message.text, blocks }
    await postMessage(client, sent, randomUUID())
  }
}
