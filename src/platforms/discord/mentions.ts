import type { Message } from 'discord.js'
import type { Logger } from 'pino'
import type { Dispatcher } from '../../chat/dispatch.ts'
import type { MessageRef, Place } from '../../chat/place.ts'
import { text } from '../../chat/elements.ts'
import type { Progress, Reply } from '../../chat/reply.ts'
import type { Responder } from '../../chat/responder.ts'
import { UserError } from '../../errors.ts'
import { isGone } from './errors.ts'
import { messageOrigin, messageRef, picturesOf } from './origin.ts'
import { sendTo, sendToPerson } from './outbox.ts'
import { renderProgress, renderReply, type DiscordMessage } from './render.ts'

/**
 * Answers a message that mentions the bot, or a direct message with a picture, like the menu of messages. Discord shows
 * the bot the content of such messages without a privileged intent.
 */
export class Mentions {
  readonly #dispatcher: Dispatcher
  readonly #log: Logger
  readonly #origins: readonly string[]
  readonly #signal: AbortSignal
  #closed = false

  constructor(dispatcher: Dispatcher, log: Logger, origins: readonly string[], signal: AbortSignal) {
    this.#dispatcher = dispatcher
    this.#log = log
    this.#origins = origins
    this.#signal = signal
  }

  close(): void {
    this.#closed = true
  }

  async take(message: Message): Promise<void> {
    const { pictures, none } = picturesOf(message, this.#origins)
    if (this.#closed || !isForUs(message, pictures.length > 0)) return
    const origin = messageOrigin(message, this.#signal)
    const responder = new MentionResponder(message, origin.place)
    const name = this.#dispatcher.commands.all.find((command) => command.pictureMenu)?.name ?? ''
    try {
      await this.#dispatcher.runPictureMenu(name, pictures, origin, responder, {
        visibility: 'channel',
        none,
      })
    } catch (error) {
      this.#log.error({ err: error, message: message.id }, 'a mention could not be answered')
    }
  }
}

/** Whether somebody mentioned the bot on purpose (a reply mentions its author, too), or sent it a picture directly. */
function isForUs({ author, client, content, guildId }: Message, hasPicture: boolean): boolean {
  if (author.bot) return false
  return new RegExp(`<@!?${client.user.id}>`).test(content) || (guildId === null && hasPicture)
}

/** Answers with replies to the message: Discord has messages that only one person sees just for interactions. */
class MentionResponder implements Responder {
  readonly progressEveryMs = 1500
  readonly #message: Message
  readonly #place: Place
  #answer: Message | undefined
  #sent = 0

  constructor(message: Message, place: Place) {
    this.#message = message
    this.#place = place
  }

  async show(reply: Reply): Promise<MessageRef> {
    return messageRef(this.#place, await this.#show(renderReply(reply)))
  }

  async showProgress(progress: Progress): Promise<void> {
    await this.#show(renderProgress(progress))
  }

  async followUp(reply: Reply): Promise<MessageRef> {
    return messageRef(this.#place, await this.#send(renderReply(reply)))
  }

  async refuse(sentence: string): Promise<void> {
    const message = renderReply({ elements: [text(sentence)] })
    try {
      await this.#show(message)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      // We may not write there.
      await sendToPerson(this.#message.author, message)
    }
  }

  async #show(message: DiscordMessage): Promise<Message> {
    if (this.#answer) {
      try {
        return await this.#answer.edit(message)
      } catch (error) {
        if (!isGone(error)) throw error
      }
    }
    return (this.#answer = await this.#send(message))
  }

  /** The key is the same in every process that may receive the message. */
  #send(message: DiscordMessage): Promise<Message> {
    const { client, id } = this.#message
    this.#sent += 1
    return sendTo(client, this.#place, message, `mention/${id}/${this.#sent}`, id)
  }
}
