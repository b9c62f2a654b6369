import { randomUUID } from 'node:crypto'
import type { webApi } from '@slack/bolt'
import type { KnownBlock } from '@slack/types'
import type { Visibility } from '../../chat/command.ts'
import type { MessageRef, Place } from '../../chat/place.ts'
import { text } from '../../chat/elements.ts'
import type { Progress, Reply } from '../../chat/reply.ts'
import type { Responder } from '../../chat/responder.ts'
import { UserError } from '../../errors.ts'
import { isGone, isUninvited, told } from './errors.ts'
import { shareFile, uploadPictures } from './files.ts'
import { limits } from './limits.ts'
import { postMessage } from './post.ts'
import { renderProgress, renderReply, type SlackMessage } from './render.ts'

export interface SlackTurn {
  readonly client: webApi.WebClient
  readonly place: Place
  readonly user: string
  readonly answers: 'edit' | Visibility
  /** The message that holds the button, and whether only its person sees it. */
  readonly message?: MessageRef
  readonly ephemeral?: boolean
  /** response_url of the event, or of the one that opened the modal: works five times within half an hour. */
  readonly responseUrl?: string
  readonly thread?: string
}

/** A reply whose pictures are uploaded. */
interface Uploaded {
  readonly text: string
  readonly blocks: KnownBlock[]
  readonly files: SlackMessage['files']
}

const responseTimeoutMs = 10_000
/** Uses of a response_url that are reserved for the answer, not for progress. */
const usesForAnswers = 3

/**
 * Answers one event. Public answers are messages, edited with chat.update; those for one person go through the
 * response_url, and so does everything in a channel that the bot was not invited to.
 */
export class SlackResponder implements Responder {
  /** Slack allows about one message a second in a channel. */
  readonly progressEveryMs = 2000
  readonly #turn: SlackTurn
  #posted: MessageRef | undefined
  #uses = 0
  #uninvited = false

  constructor(turn: SlackTurn) {
    this.#turn = turn
    if (turn.answers === 'edit' && !turn.ephemeral) this.#posted = turn.message
  }

  async show(reply: Reply): Promise<MessageRef> {
    const { answers, ephemeral } = this.#turn
    const message = await this.#upload(reply)
    if (answers === 'person' || (answers === 'edit' && ephemeral))
      return this.#showToPerson(message, this.#replaces())
    if (this.#uninvited) return this.#respond(message, 'in_channel', this.#replaces())
    if (!this.#posted) return (this.#posted = await this.#post(message))
    const { message: ts, channel } = this.#posted
    try {
      await this.#turn.client.chat.update({ channel, ts, text: message.text, blocks: message.blocks })
    } catch (error) {
      // Somebody has deleted it: the answer is sent all the same.
      if (isGone(error)) return (this.#posted = await this.#post(message))
      if (!isUninvited(error) || !this.#turn.responseUrl) throw told(error)
      this.#uninvited = true
      return this.#respond(message, 'in_channel', this.#replaces())
    }
    await this.#share(message, channel)
    return this.#posted
  }

  async showProgress(progress: Progress): Promise<void> {
    const { answers, message } = this.#turn
    if (answers === 'edit') return
    const byUrl = answers === 'person' || this.#uninvited
    if (byUrl && (message || this.#uses >= limits.responses - usesForAnswers)) return
    await this.show(renderProgress(progress))
  }

  /**
   * Whether an answer through the response_url replaces another message: for a button, the message with that button,
   * whatever was answered since; for a command, its previous answer.
   */
  #replaces(): boolean {
    const { answers, message } = this.#turn
    return answers === 'edit' || (!message && this.#uses > 0)
  }

  async followUp(reply: Reply, visibility: Visibility): Promise<MessageRef> {
    const message = await this.#upload(reply)
    return visibility === 'person' ? this.#showToPerson(message, false) : this.#post(message)
  }

  async refuse(sentence: string): Promise<void> {
    const said = await this.#upload({ elements: [text(sentence)] })
    const taken = await Promise.allSettled([this.#takeBack()])
    await this.#showToPerson(said, this.#turn.answers === 'person' && this.#replaces())
    // Only now, so that the person has been told, whatever happens to the progress.
    for (const outcome of taken) if (outcome.status === 'rejected') throw outcome.reason
  }

  /** The progress message that is shown until the answer. */
  async #takeBack(): Promise<void> {
    const { answers, client, message } = this.#turn
    if (answers !== 'channel' || !this.#posted) return
    if (!this.#uninvited) {
      const { channel, message: ts } = this.#posted
      await client.chat.delete({ channel, ts }).catch((error: unknown) => {
        if (!isGone(error)) throw error
      })
    } else if (!message) await this.#send({ delete_original: true })
  }

  async #upload(reply: Reply): Promise<Uploaded> {
    const message = renderReply(reply)
    const ids = await uploadPictures(this.#turn.client, message.pictures)
    return { text: message.text, files: message.files, blocks: message.blocks(ids) }
  }

  async #post(message: Uploaded): Promise<MessageRef> {
    const { client, place, thread, responseUrl } = this.#turn
    const { text, blocks } = message
    try {
      const sent = { channel: place.channel, text, blocks, ...(thread ? { thread_ts: thread } : {}) }
      const { channel, ts } = await postMessage(client, sent, randomUUID(), 2)
      await this.#share(message, place.channel)
      return { ...place, channel, message: ts }
    } catch (error) {
      if (!isUninvited(error)) throw told(error)
      if (!responseUrl) {
        throw new UserError('not-allowed', 'platform.slack.uninvited', {
          cause: error,
        })
      }
      this.#uninvited = true
      return this.#respond(message, 'in_channel', false)
    }
  }

  async #showToPerson(message: Uploaded, replace: boolean): Promise<MessageRef> {
    const { client, place, user, responseUrl, thread } = this.#turn
    if (responseUrl && this.#uses < limits.responses) return this.#respond(message, 'ephemeral', replace)
    const { text, blocks } = message
    await this.#shareWithPerson(message)
    try {
      const inThread = thread ? { thread_ts: thread } : {}
      await client.chat.postEphemeral({ channel: place.channel, user, text, blocks, ...inThread })
    } catch (error) {
      if (!isUninvited(error)) throw error
      const { channel } = await client.conversations.open({ users: user })
      await postMessage(client, { channel: channel?.id ?? user, text, blocks }, randomUUID(), 2)
    }
    return unnamed(place)
  }

  async #respond(message: Uploaded, type: 'ephemeral' | 'in_channel', replace: boolean): Promise<MessageRef> {
    const { text, blocks } = message
    await this.#shareWithPerson(message)
    await this.#send({ text, blocks, response_type: type, replace_original: replace })
    return unnamed(this.#turn.place)
  }

  async #send(body: object): Promise<void> {
    this.#uses += 1
    const response = await fetch(this.#turn.responseUrl ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(responseTimeoutMs),
    })
    if (!response.ok)
      throw new Error(`Slack refused an answer (status ${response.status}): ${await response.text()}`)
  }

  /** If a file cannot be shared beside the message, it goes to the person's direct messages. */
  async #shareWithPerson({ files }: Uploaded): Promise<void> {
    if (files.length === 0) return
    const { client, user } = this.#turn
    const { channel } = await client.conversations.open({ users: user })
    for (const file of files) await shareFile(client, channel?.id ?? user, file)
  }

  async #share({ files }: Uploaded, channel: string): Promise<void> {
    for (const file of files) await shareFile(this.#turn.client, channel, file, this.#turn.thread)
  }
}

/** Slack returns no id for messages through a response_url, or for those that only one person sees. */
const unnamed = (place: Place): MessageRef => ({ ...place, message: 'unnamed' })
