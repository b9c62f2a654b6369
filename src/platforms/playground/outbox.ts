import type { MessageRef, Place } from '../../chat/place.ts'
import type { Outbox } from '../../chat/outbox.ts'
import type { Reply } from '../../chat/reply.ts'
import { UserError } from '../../errors.ts'
import type { Translate } from '../../language.ts'
import type { Channels } from './channels.ts'
import { newFileId } from './files.ts'
import type { History } from './history.ts'
import { render } from './render.ts'
import { bot, draft, refTo } from './responder.ts'

interface Setup {
  readonly history: History
  readonly channels: Channels
  readonly now: () => Date
  /** Says a sentence in the language that everybody shares. */
  readonly translator: () => Promise<Translate>
}

/** Posts that don't answer anybody. A post with a key is made only once, even across a restart. */
export class PlaygroundOutbox implements Outbox {
  readonly #setup: Setup
  readonly #posting = new Map<string, Promise<MessageRef>>()

  constructor(setup: Setup) {
    this.#setup = setup
  }

  async post(place: Place, reply: Reply, key: string): Promise<MessageRef> {
    const { history, channels } = this.#setup
    const channel = channels.mustExist(place.channel)
    const made = history.byKey(channel, key)
    if (made) return refTo(made)
    const name = JSON.stringify([channel, key])
    const posting = this.#posting.get(name) ?? this.#write(channel, reply, { key })
    this.#posting.set(name, posting)
    return posting.finally(() => this.#posting.delete(name))
  }

  async findPost(place: Place, key: string): Promise<MessageRef | undefined> {
    const message = this.#setup.history.byKey(place.channel, key)
    return message && refTo(message)
  }

  async edit({ channel, message: id }: MessageRef, reply: Reply): Promise<void> {
    const { history, translator } = this.#setup
    const message = history.get(channel, id)
    if (!message) throw new UserError('not-found', 'platform.playground.messageGone')
    const { elements, files } = render(reply, newFileId, await translator())
    await history.put({ ...message, elements, edited: true }, files)
  }

  async tell(_place: Omit<Place, 'channel'>, person: string, reply: Reply): Promise<void> {
    await this.#write(this.#setup.channels.names[0]!, reply, { onlyFor: person })
  }

  async #write(
    channel: string,
    reply: Reply,
    more: { key: string } | { onlyFor: string },
  ): Promise<MessageRef> {
    const { history, now, translator } = this.#setup
    const { elements, files } = render(reply, newFileId, await translator())
    const message = { ...draft(history, channel, now()), author: bot, ...more, elements }
    await history.put(message, files)
    return refTo(message)
  }
}
