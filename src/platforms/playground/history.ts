import type { Logger } from 'pino'
import type { Translate } from '../../language.ts'
import type { Store } from '../../store/store.ts'
import type { Files } from './files.ts'
import type { Audience, Hub } from './hub.ts'
import { filesOf, messageKind, scope, type Message, type PageMessage, type PageProgress } from './message.ts'
import type { StoredFile } from './render.ts'
import { leaseMs, type Runs } from './runs.ts'

/** What a channel keeps; beyond either limit, the oldest messages are deleted with their files. */
const keptMessages = 200
const keptFileBytes = 256 * 1024 * 1024

interface Setup {
  readonly store: Store
  readonly files: Files
  readonly hub: Hub
  readonly runs: Runs
  readonly log: Logger
  readonly now: () => Date
  /** Says a sentence in the language that everybody shares. */
  readonly translator: () => Promise<Translate>
}

/**
 * The messages of all channels: in memory for reading, every change is written to the store before anybody
 * sees it, then sent to the pages that may see it. Progress is sent but never stored.
 */
export class History {
  readonly #setup: Setup
  readonly #messages = new Map<string, Message>()
  /** Commands being answered: messages that are shown, and drafts that are not shown yet. */
  readonly #progress = new Map<string, PageMessage>()
  /** Until other processes' commands are checked again. */
  readonly #watching = new Set<NodeJS.Timeout>()
  #lastId = 0
  #writing: Promise<unknown> = Promise.resolve()

  private constructor(setup: Setup) {
    this.#setup = setup
  }

  /** Marks commands that were running when an earlier process died, so that the person can try again. */
  static async load(setup: Setup): Promise<History> {
    const history = new History(setup)
    const stored = await setup.store.list(messageKind, scope)
    const messages = stored.map(({ value }) => value).sort((a, b) => compare(a.id, b.id))
    for (const message of messages) history.#messages.set(message.id, message)
    await setup.files.keepOnly(new Set(messages.flatMap(filesOf).map(({ id }) => id)))
    for (const message of messages) if (message.running) await history.#settle(message)
    return history
  }

  /** A command that was running when this process began, here or in another that may still be at work. */
  async #settle(message: Message): Promise<void> {
    if (await this.#setup.runs.isHeld(message.id)) {
      const again = () => void this.#lookAgain(message)
      this.#watching.add(setTimeout(again, leaseMs).unref())
      return
    }
    const { running: _ended, ...rest } = message
    const answered = [...this.#messages.values()].some(({ answerTo }) => answerTo === message.id)
    const t = await this.#setup.translator()
    await this.put(answered ? rest : refused(rest, t('platform.playground.stopped')))
  }

  async #lookAgain({ channel, id }: Message): Promise<void> {
    try {
      const now = await this.#setup.store.get(messageKind, scope, [channel, id])
      if (now?.running) return await this.#settle(now)
      if (!now) return void this.#messages.delete(id)
      this.#messages.set(id, now)
      this.#tell(now)
    } catch (error) {
      this.#setup.log.error({ err: error, message: id }, 'what became of a command could not be seen')
    }
  }

  /** Stops checking other processes' commands. */
  close(): void {
    for (const timer of this.#watching) clearTimeout(timer)
  }

  /** Ids sort by time, even across a restart. */
  newId(): string {
    this.#lastId = Math.max(this.#setup.now().getTime(), this.#lastId + 1)
    return String(this.#lastId).padStart(14, '0')
  }

  /** Undefined if it does not exist, or if this person (anybody, if none is given) may not see it. */
  get(channel: string, id: string, person?: string): Message | undefined {
    const message = this.#messages.get(id)
    if (message?.channel !== channel) return undefined
    if (person !== undefined && (message.onlyFor ?? person) !== person) return undefined
    return message
  }

  /** Everything that a person sees, oldest first. */
  visibleTo(person: string): PageMessage[] {
    const now = this.#setup.now().getTime()
    return [...new Map([...this.#messages, ...this.#progress]).values()]
      .filter(({ onlyFor, until = Infinity }) => (onlyFor ?? person) === person && until > now)
      .sort((a, b) => compare(a.id, b.id))
  }

  /** A person's own messages, and those that only they see. */
  about(person: string): Message[] {
    return [...this.#messages.values()].filter(
      ({ author, onlyFor }) => author.id === person || onlyFor === person,
    )
  }

  byKey(channel: string, key: string): Message | undefined {
    return [...this.#messages.values()].find((each) => each.channel === channel && each.key === key)
  }

  /** Stores a new or changed message with its new files; files no longer in it are deleted. */
  async put(message: Message, files: readonly StoredFile[] = []): Promise<void> {
    await this.#inOrder(async () => {
      const before = this.#messages.get(message.id)
      for (const file of files) await this.#setup.files.save(file)
      const { until } = message
      const ttlMs = until === undefined ? undefined : until - this.#setup.now().getTime()
      await this.#setup.store.set(messageKind, scope, [message.channel, message.id], message, ttlMs)
      this.#messages.set(message.id, message)
      this.#progress.delete(message.id)
      if (before && before.onlyFor !== message.onlyFor)
        this.#setup.hub.publish(removal(before), exceptFor(message.onlyFor))
      this.#tell(message)
      const still = new Set(filesOf(message).map(({ id }) => id))
      for (const { id } of before ? filesOf(before) : [])
        if (!still.has(id)) await this.#setup.files.replaced(id)
      await this.#trim(message.channel)
    })
  }

  /** Shows progress on a message, stored or not; undefined removes it. */
  setProgress(message: Message, progress: PageProgress | undefined): void {
    const stored = this.#messages.get(message.id)
    if (progress) this.#progress.set(message.id, { ...(stored ?? message), progress })
    else if (!this.#progress.delete(message.id)) return
    const shown = this.#progress.get(message.id) ?? stored
    if (shown) this.#tell(shown)
    else this.#setup.hub.publish(removal(message), only(message.onlyFor))
  }

  async remove(message: Message): Promise<void> {
    await this.#inOrder(() => this.#remove(message))
  }

  /** A sentence beside a message, shown to one person and not kept. */
  notice(message: Message, person: string, sentence: string): void {
    const { channel, id } = message
    this.#setup.hub.publish({ kind: 'notice', channel, id, sentence }, { only: person })
  }

  /** Resolves when everything is written. */
  async settled(): Promise<void> {
    await this.#writing
  }

  #tell(message: PageMessage): void {
    this.#setup.hub.publish({ kind: 'message', message }, only(message.onlyFor))
  }

  async #trim(channel: string): Promise<void> {
    const now = this.#setup.now().getTime()
    const newestFirst = [...this.#messages.values()]
      .filter((message) => message.channel === channel)
      .sort((a, b) => compare(b.id, a.id))
    let bytes = 0
    for (const [place, message] of newestFirst.entries()) {
      bytes += filesOf(message).reduce((sum, { size }) => sum + size, 0)
      const tooMany = place >= keptMessages || (bytes > keptFileBytes && place > 0)
      if (tooMany || (message.until ?? Infinity) < now) await this.#remove(message)
    }
  }

  async #remove(message: Message): Promise<void> {
    await this.#setup.store.delete(messageKind, scope, [message.channel, message.id])
    this.#messages.delete(message.id)
    this.#progress.delete(message.id)
    this.#setup.hub.publish(removal(message), only(message.onlyFor))
    for (const { id } of filesOf(message)) await this.#setup.files.delete(id)
  }

  #inOrder(write: () => Promise<void>): Promise<void> {
    const written = this.#writing.then(write)
    this.#writing = written.catch(() => undefined)
    return written
  }
}

/** A command that failed concerns only whoever typed it. */
export const refused = (message: Message, refusal: string): Message => ({
  ...message,
  running: undefined,
  onlyFor: message.author.id,
  refusal,
})

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const removal = ({ channel, id }: Message) => ({ kind: 'remove', channel, id }) as const

const only = (person: string | undefined): Audience => (person === undefined ? 'all' : { only: person })

const exceptFor = (person: string | undefined): Audience =>
  person === undefined ? 'all' : { except: person }
