import type { Message } from 'discord.js'
import type { Logger } from 'pino'
import type { Dispatcher } from '../../chat/dispatch.ts'
import type { MessageRef, Place } from '../../chat/place.ts'
import type { Progress, Reply } from '../../chat/reply.ts'
import type { Responder } from '../../chat/responder.ts'
import { UserError } from '../../errors.ts'
import { isGone } from './errors.ts'
import { messageOrigin, messageRef, picturesOf } from './origin.ts'
import { sendTo, sendToPerson } from './outbox.ts'
import { renderProgress, renderReply, type DiscordMessage } from './render.ts'

/**
 * Answers a message that names the bot, or a direct message with a picture, as the menu of messages does. Discord
 * shows the bot what such a message holds without a privileged intent.
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
    const name = this.#dispatcher.commands.find((command) => command.pictureMenu)?.name ?? ''
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

/** Named by somebody, not only answered, where Discord names whoever is answered too; or alone with a picture. */
function isForUs({ author, client, content, guildId }: Message, hasPicture: boolean): boolean {
  if (author.bot) return false
  return new RegExp(`<@!?${client.user.id}>`).test(content) || (guildId === null && hasPicture)
}

/** Answers in replies to the message: what one person alone sees, Discord has only for interactions. */
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
    const message = renderReply({ elements: [{ kind: 'text', text: sentence }] })
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

  /** The key is the same in each process that the message may come to. */
  #send(message: DiscordMessage): Promise<Message> {
    const { client, id } = this.#message
    this.#sent += 1
    return sendTo(client, this.#place, message, `mention/${id}/${this.#sent}`, id)
  }
}
