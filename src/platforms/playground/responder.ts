import type { MessageRef } from '../../chat/place.ts'
import { withoutMarkup } from '../../chat/markup.ts'
import { botName } from '../../chat/person-name.ts'
import type { Progress, Reply } from '../../chat/reply.ts'
import type { Responder } from '../../chat/responder.ts'
import type { Translate } from '../../language.ts'
import { newFileId, type Files } from './files.ts'
import type { History } from './history.ts'
import { scope, type Message } from './message.ts'
import { render, renderPicture } from './render.ts'

export const bot = { id: 'bot', name: botName, bot: true } as const

/** How long a message that only one person sees is kept. */
const personalMs = 24 * 60 * 60 * 1000

/** A message by the bot that has no content yet; for one person only if one is given. */
export function draft(history: History, channel: string, now: Date, onlyFor?: string): Message {
  const message = { id: history.newId(), channel, author: bot }
  return onlyFor === undefined ? message : { ...message, ...personal(onlyFor, now) }
}

export const personal = (onlyFor: string, now: Date) => ({ onlyFor, until: now.getTime() + personalMs })

export const refTo = ({ channel, id }: Message): MessageRef => ({ ...scope, channel, message: id })

interface Setup {
  readonly history: History
  readonly files: Files
  readonly now: () => Date
  /** The message that the answer goes into. */
  readonly answer: Message
  /** Whether the answer changes an existing message. */
  readonly edits: boolean
  readonly asker: string
  /** Says a sentence in the language of whoever asks. */
  readonly t: Translate
  readonly refuse: (sentence: string) => Promise<void>
}

/** Answers one event on the playground. */
export class PlaygroundResponder implements Responder {
  readonly progressEveryMs = 250
  readonly #setup: Setup

  constructor(setup: Setup) {
    this.#setup = setup
    this.#setup.history.setProgress(setup.answer, { text: setup.t('platform.playground.working') })
  }

  async show(reply: Reply): Promise<MessageRef> {
    const { history, answer, edits, t } = this.#setup
    const ref = refTo(answer)
    if (this.#gone()) return ref
    const { elements, files } = render(reply, newFileId, t)
    await history.put(edits ? { ...answer, elements, edited: true } : { ...answer, elements }, files)
    return ref
  }

  async showProgress({ picture, ...progress }: Progress): Promise<void> {
    const { history, files, answer } = this.#setup
    if (this.#gone()) return
    const file = picture && renderPicture(picture, newFileId())
    if (file) files.showForNow(file)
    const shown = { ...progress, text: withoutMarkup(progress.text) }
    history.setProgress(answer, file ? { ...shown, picture: file.ref } : shown)
  }

  async followUp(reply: Reply, visibility: 'channel' | 'person'): Promise<MessageRef> {
    const { history, answer, asker, now, t } = this.#setup
    const { elements, files } = render(reply, newFileId, t)
    const onlyFor = visibility === 'person' ? asker : undefined
    const message = draft(history, answer.channel, now(), onlyFor)
    await history.put({ ...message, answerTo: answer.id, elements }, files)
    return refTo(message)
  }

  async refuse(sentence: string): Promise<void> {
    this.end()
    // A channel's id is its name here.
    await this.#setup.refuse(sentence.replaceAll(/<(#[^>]+)>/g, '$1'))
  }

  /** Removes the progress if the command has ended without an answer. */
  end(): void {
    this.#setup.history.setProgress(this.#setup.answer, undefined)
  }

  /** The message was deleted while the button's answer was being made. */
  #gone(): boolean {
    const { history, answer, edits, asker } = this.#setup
    return edits && !history.get(answer.channel, answer.id, asker)
  }
}
