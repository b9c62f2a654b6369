import type { webApi } from '@slack/bolt'
import type { Visibility } from '../../chat/command.ts'
import type { MessageRef, Place } from '../../chat/context.ts'
import type { Progress, Reply } from '../../chat/reply.ts'
import type { Responder } from '../../chat/responder.ts'
import { shareFile, uploadPictures } from './files.ts'
import { limits } from './limits.ts'
import { renderProgress, renderReply } from './render.ts'

/** What Bolt's `respond` takes, of which we use this much. */
type Respond = (message: {
  text: string
  blocks: ReturnType<ReturnType<typeof renderReply>['blocks']>
  response_type: 'ephemeral' | 'in_channel'
  replace_original: boolean
}) => Promise<unknown>

export interface SlackTurn {
  readonly client: webApi.WebClient
  readonly place: Place
  readonly user: string
  readonly answers: 'edit' | Visibility
  /** The message that holds the button, and whether only its person sees it. */
  readonly message?: MessageRef
  readonly ephemeral?: boolean
  /** Where the event came with a response_url. */
  readonly respond?: Respond
  readonly thread?: string
}

/**
 * Answers one event. What is for all is a message of its own, edited by chat.update; what is for one person
 * goes through the response_url, which also edits it, and works five times.
 */
export class SlackResponder implements Responder {
  /** Slack allows about one message a second in a channel. */
  readonly progressEveryMs = 2000
  readonly #turn: SlackTurn
  #posted: MessageRef | undefined
  #responses = 0

  constructor(turn: SlackTurn) {
    this.#turn = turn
    if (turn.answers === 'edit' && !turn.ephemeral) this.#posted = turn.message
  }

  async show(reply: Reply): Promise<MessageRef> {
    const { answers, ephemeral } = this.#turn
    const forOne = answers === 'person' || (answers === 'edit' && ephemeral === true)
    return forOne ? this.#showToPerson(reply, true) : this.#showToAll(reply)
  }

  async showProgress(progress: Progress): Promise<void> {
    if (this.#turn.answers === 'edit') return
    // The last uses of a response_url belong to the answer.
    if (this.#turn.answers === 'person' && this.#responses >= limits.responses - 3) return
    await this.show(renderProgress(progress))
  }

  async followUp(reply: Reply, visibility: Visibility): Promise<MessageRef> {
    return visibility === 'person' ? this.#showToPerson(reply, false) : this.#post(reply)
  }

  async refuse(sentence: string): Promise<void> {
    const reply: Reply = { elements: [{ kind: 'text', text: sentence }] }
    const { answers, client } = this.#turn
    if (answers === 'channel' && this.#posted) {
      await client.chat.delete({ channel: this.#posted.channel, ts: this.#posted.message })
    }
    await this.#showToPerson(reply, answers === 'person')
  }

  async #showToAll(reply: Reply): Promise<MessageRef> {
    const { client } = this.#turn
    if (!this.#posted) return (this.#posted = await this.#post(reply))
    const message = renderReply(reply)
    const blocks = message.blocks(await uploadPictures(client, message.pictures))
    await client.chat.update({
      channel: this.#posted.channel,
      ts: this.#posted.message,
      text: message.text,
      blocks,
    })
    await this.#share(message.files, this.#posted.channel)
    return this.#posted
  }

  async #post(reply: Reply): Promise<MessageRef> {
    const { client, place, thread } = this.#turn
    const message = renderReply(reply)
    const blocks = message.blocks(await uploadPictures(client, message.pictures))
    const { channel } = place
    const posted = await client.chat.postMessage({
      channel,
      text: message.text,
      blocks,
      ...(thread ? { thread_ts: thread } : {}),
    })
    await this.#share(message.files, channel)
    return { ...place, channel: posted.channel ?? channel, message: posted.ts ?? '' }
  }

  async #showToPerson(reply: Reply, replace: boolean): Promise<MessageRef> {
    const { client, place, user, respond, thread } = this.#turn
    const message = renderReply(reply)
    const blocks = message.blocks(await uploadPictures(client, message.pictures))
    const ref = { ...place, message: 'ephemeral' }
    if (message.files.length > 0) {
      const { channel } = await client.conversations.open({ users: user })
      await this.#share(message.files, channel?.id ?? user)
    }
    if (respond && this.#responses < limits.responses) {
      const replaces = replace && (this.#responses > 0 || this.#turn.ephemeral === true)
      this.#responses += 1
      await respond({ text: message.text, blocks, response_type: 'ephemeral', replace_original: replaces })
      return ref
    }
    await client.chat.postEphemeral({
      channel: place.channel,
      user,
      text: message.text,
      blocks,
      ...(thread ? { thread_ts: thread } : {}),
    })
    return ref
  }

  async #share(
    files: readonly { readonly name: string; readonly bytes: Uint8Array }[],
    channel: string,
  ): Promise<void> {
    for (const file of files) await shareFile(this.#turn.client, channel, file)
  }
}
