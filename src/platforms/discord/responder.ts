import { randomUUID } from 'node:crypto'
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
import type { MessageRef, Place } from '../../chat/place.ts'
import type { Visibility } from '../../chat/command.ts'
import { text } from '../../chat/elements.ts'
import type { Progress, Reply } from '../../chat/reply.ts'
import type { Responder } from '../../chat/responder.ts'
import { isGone } from './errors.ts'
import { limits } from './limits.ts'
import { messageRef } from './origin.ts'
import { sendTo, sendToPerson } from './outbox.ts'
import { renderProgress, renderReply, type DiscordMessage } from './render.ts'

export type Answerable =
  | ChatInputCommandInteraction
  | MessageContextMenuCommandInteraction
  | MessageComponentInteraction
  | ModalSubmitInteraction

/** Answers an acknowledged interaction: edits the first response for as long as the token is valid. */
export class DiscordResponder implements Responder {
  /** Discord allows five edits in five seconds. */
  readonly progressEveryMs = 1500
  readonly #interaction: Answerable
  readonly #place: Place
  readonly #answers: 'edit' | Visibility
  /** Edits the message that is there; undefined if only a new message can follow. */
  #edit: (message: DiscordMessage) => Promise<Message | undefined>

  constructor(interaction: Answerable, place: Place, answers: 'edit' | Visibility) {
    this.#interaction = interaction
    this.#place = place
    this.#answers = answers
    this.#edit = (message) => this.#byToken(() => this.#interaction.editReply(message))
  }

  /** Must be called at once: Discord waits for three seconds. */
  async acknowledge(): Promise<void> {
    try {
      if (this.#answers === 'edit' && 'deferUpdate' in this.#interaction)
        await this.#interaction.deferUpdate()
      else
        await this.#interaction.deferReply(
          this.#answers === 'person' ? { flags: MessageFlags.Ephemeral } : {},
        )
    } catch (error) {
      if (error instanceof DiscordAPIError && !mayBeAcknowledged.has(error.code)) throw error
      // The response was lost, but Discord may have accepted the call: the edit that follows shows whether it has.
      this.#interaction.deferred = true
    }
  }

  async show(reply: Reply): Promise<MessageRef> {
    return messageRef(this.#place, await this.#send(renderReply(reply)))
  }

  async showProgress(progress: Progress): Promise<void> {
    // A card with buttons stays unchanged until the new one is ready.
    if (this.#answers !== 'edit') await this.#send(renderProgress(progress))
  }

  async followUp(reply: Reply, visibility: Visibility): Promise<MessageRef> {
    return messageRef(this.#place, await this.#further(renderReply(reply), visibility))
  }

  /** Only for the person, even if the answer would have been for everybody; they are told, whatever else fails. */
  async refuse(sentence: string): Promise<void> {
    const message = renderReply({ elements: [text(sentence)] })
    const [inPlace] = await Promise.allSettled([this.#refuseInPlace(message)])
    if (inPlace.status === 'fulfilled' && inPlace.value) return
    await this.#further(message, 'person')
    if (inPlace.status === 'rejected') throw inPlace.reason
  }

  /** @returns whether the sentence has replaced the answer; if others would see it, only the progress is removed */
  async #refuseInPlace(message: DiscordMessage): Promise<boolean> {
    if (this.#answers === 'person') return Boolean(await this.#send(message))
    if (this.#answers === 'channel')
      await this.#byToken(() => this.#interaction.deleteReply().catch(ignoreGone))
    return false
  }

  async #send(message: DiscordMessage): Promise<Message> {
    let visibility: Visibility = this.#isForOne() ? 'person' : 'channel'
    const edited = await this.#edit(message).catch((error: unknown) => {
      ignoreGone(error)
      // Whoever deleted a public card does not want it back; but whoever pressed its button wants an answer.
      if (this.#answers === 'edit') visibility = 'person'
    })
    if (edited) return edited
    // The message was deleted, or its token has expired: the answer is sent all the same.
    const fresh = await this.#further(message, visibility)
    this.#edit = async (next) =>
      (await this.#byToken(() => this.#interaction.editReply({ ...next, message: fresh.id }))) ??
      fresh.edit(next)
    return fresh
  }

  #isForOne(): boolean {
    if (this.#answers !== 'edit') return this.#answers === 'person'
    return 'message' in this.#interaction && Boolean(this.#interaction.message?.flags.has('Ephemeral'))
  }

  async #further(message: DiscordMessage, visibility: Visibility): Promise<Message> {
    const flags = visibility === 'person' ? [message.flags, MessageFlags.Ephemeral as const] : message.flags
    const sent = await this.#byToken(() => this.#interaction.followUp({ ...message, flags }))
    if (sent) return sent
    const { client, user } = this.#interaction
    return visibility === 'person'
      ? sendToPerson(user, message)
      : sendTo(client, this.#place, message, randomUUID())
  }

  /** @returns undefined if the interaction's token has expired, after 15 minutes */
  async #byToken<T>(call: () => Promise<T>): Promise<T | undefined> {
    if (Date.now() - this.#interaction.createdTimestamp > limits.tokenMs) return undefined
    try {
      return await call()
    } catch (error) {
      if (error instanceof DiscordAPIError && expired.has(error.code)) return undefined
      throw error
    }
  }
}

const expired = new Set<number | string>([
  RESTJSONErrorCodes.InvalidWebhookToken,
  RESTJSONErrorCodes.UnknownWebhook,
  RESTJSONErrorCodes.UnknownInteraction,
])

/** Discord's error for a second acknowledgement, or for one that comes after three seconds. */
const mayBeAcknowledged = new Set<number | string>([
  RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged,
  RESTJSONErrorCodes.UnknownInteraction,
])

function ignoreGone(error: unknown): void {
  if (!isGone(error)) throw error
}
