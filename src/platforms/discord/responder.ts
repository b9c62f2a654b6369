import {
  MessageFlags,
  RESTJSONErrorCodes,
  DiscordAPIError,
  type ChatInputCommandInteraction,
  type Message,
  type MessageComponentInteraction,
  type MessageContextMenuCommandInteraction,
  type ModalSubmitInteraction,
} from 'discord.js'
import type { MessageRef, Place } from '../../chat/context.ts'
import type { Visibility } from '../../chat/command.ts'
import type { Progress, Reply } from '../../chat/reply.ts'
import type { Responder } from '../../chat/responder.ts'
import { limits } from './limits.ts'
import { messageRef } from './origin.ts'
import { sendTo } from './outbox.ts'
import { renderProgress, renderReply, type DiscordMessage } from './render.ts'

export type Answerable =
  | ChatInputCommandInteraction
  | MessageContextMenuCommandInteraction
  | MessageComponentInteraction
  | ModalSubmitInteraction

/** Answers one interaction that was acknowledged: by edits of the first response for as long as its token lives. */
export class DiscordResponder implements Responder {
  /** Discord allows five edits in five seconds. */
  readonly progressEveryMs = 1500
  readonly #interaction: Answerable
  readonly #place: Place
  readonly #answers: 'edit' | Visibility
  #later: Message | undefined

  constructor(interaction: Answerable, place: Place, answers: 'edit' | Visibility) {
    this.#interaction = interaction
    this.#place = place
    this.#answers = answers
  }

  /** To be called at once: Discord waits for three seconds. */
  async acknowledge(): Promise<void> {
    if (this.#answers === 'edit' && 'deferUpdate' in this.#interaction) await this.#interaction.deferUpdate()
    else
      await this.#interaction.deferReply(this.#answers === 'person' ? { flags: MessageFlags.Ephemeral } : {})
  }

  async show(reply: Reply): Promise<MessageRef> {
    const message = await this.#send(renderReply(reply))
    return messageRef(this.#place, message)
  }

  async showProgress(progress: Progress): Promise<void> {
    // A card with buttons stays as it is until the new one is there.
    if (this.#answers !== 'edit') await this.#send(renderProgress(progress))
  }

  async followUp(reply: Reply, visibility: Visibility): Promise<MessageRef> {
    const message = renderReply(reply)
    const flags = visibility === 'person' ? [message.flags, MessageFlags.Ephemeral as const] : message.flags
    const sent = await this.#byToken(() => this.#interaction.followUp({ ...message, flags }))
    return messageRef(this.#place, sent ?? (await this.#inChannel(message)))
  }

  /** For the person alone, also where the answer would have been for all. */
  async refuse(sentence: string): Promise<void> {
    const reply: Reply = { elements: [{ kind: 'text', text: sentence }] }
    if (this.#answers === 'channel') {
      await this.#byToken(() => this.#interaction.deleteReply().catch(ignoreGone))
      await this.followUp(reply, 'person')
    } else if (this.#answers === 'edit') {
      await this.followUp(reply, 'person')
    } else {
      await this.show(reply)
    }
  }

  async #send(message: DiscordMessage): Promise<Message> {
    if (this.#later) return this.#later.edit(message)
    const edited = await this.#byToken(() => this.#interaction.editReply(message))
    return edited ?? (this.#later = await this.#inChannel(message))
  }

  /** Undefined where the interaction's token has run out, after 15 minutes. */
  async #byToken<T>(call: () => Promise<T>): Promise<T | undefined> {
    if (Date.now() - this.#interaction.createdTimestamp > limits.tokenMs) return undefined
    try {
      return await call()
    } catch (error) {
      if (error instanceof DiscordAPIError && expired.has(error.code)) return undefined
      throw error
    }
  }

  /** The answer becomes a plain message in the channel. */
  #inChannel(message: DiscordMessage): Promise<Message> {
    return sendTo(this.#interaction.client, this.#place, message)
  }
}

const expired = new Set<number | string>([
  RESTJSONErrorCodes.InvalidWebhookToken,
  RESTJSONErrorCodes.UnknownWebhook,
  RESTJSONErrorCodes.UnknownInteraction,
])

function ignoreGone(error: unknown): void {
  if (!(error instanceof DiscordAPIError && error.code === RESTJSONErrorCodes.UnknownMessage)) throw error
}
