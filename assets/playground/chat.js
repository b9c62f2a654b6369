/**
 * What the page knows, kept in step with the server.
 * @import { PageEvent, PageState } from '../../src/platforms/playground/page.ts'
 * @import { PageMessage } from '../../src/platforms/playground/message.ts'
 * @typedef {{ state: () => void, message: (message: PageMessage, isNew: boolean) => void,
 *   remove: (message: PageMessage) => void, notice: (id: string, sentence: string) => void,
 *   lists: () => void, connected: (connected: boolean) => void }} Listener
 */
import { fetchState, listen, Refusal } from './api.js'

export class Chat {
  /** @type {PageState} */
  state
  /** @type {Map<string, PageMessage>} */
  messages = new Map()
  channel = 'general'
  /** @type {Map<string, number>} counts messages that arrived in channels that were not open */
  unread = new Map()
  /** @type {Set<string>} messages with a button that was pressed here and not answered yet */
  pressed = new Set()
  /** @type {Partial<Listener>[]} */
  #listeners = []
  #stop = () => {}
  /** The last event received. */
  #cursor = ''

  /** @param {PageState} state */
  constructor(state) {
    this.state = state
    this.#take(state)
    // A browser opens only a few connections to one server: pages in the background give theirs up to the one in front.
    document.addEventListener('visibilitychange', () => (document.hidden ? this.#stop() : this.follow()))
    window.addEventListener('hashchange', () => this.open(channelInAddress()))
    this.channel = this.#known(channelInAddress())
  }

  /** @param {Partial<Listener>} listener */
  hear(listener) {
    this.#listeners.push(listener)
  }

  /** The messages of the open channel, oldest first. */
  get shown() {
    return [...this.messages.values()]
      .filter(({ channel }) => channel === this.channel)
      .sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  /** What this person may type. */
  get commands() {
    return this.state.commands.filter(({ moderators }) => !moderators || this.state.me.moderator)
  }

  /** What a picture by itself means: the first command that needs a picture and nothing else. */
  get pictureCommand() {
    return this.commands.find(({ options }) => {
      const required = options.filter((option) => option.required)
      return required.length === 1 && required[0]?.type === 'picture'
    })
  }

  /** @param {string} channel */
  open(channel) {
    this.channel = this.#known(channel)
    this.unread.delete(this.channel)
    this.#tell('state')
  }

  /** Follows the server, starting from what the page already knows. */
  follow() {
    this.#stop()
    this.#stop = listen(this.#cursor, {
      event: (event, id) => {
        this.#cursor = id
        this.#event(event)
      },
      connected: (connected) => this.#tell('connected', connected),
    })
  }

  async #reload() {
    try {
      this.#take(await fetchState())
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      setTimeout(() => void this.#reload(), 2_000)
      return
    }
    this.#tell('state')
    this.follow()
  }

  /** @param {PageState} state */
  #take(state) {
    this.state = state
    this.#cursor = state.cursor
    this.messages = new Map(state.messages.map((message) => [message.id, message]))
  }

  /** @param {PageEvent} event */
  #event(event) {
    if (event.kind === 'reset') {
      this.#stop()
      void this.#reload()
    } else if (event.kind === 'message') {
      const { message } = event
      const before = this.messages.get(message.id)
      this.messages.set(message.id, message)
      if (message.channel === this.channel) this.#tell('message', message, !before)
      else if (!before) {
        this.unread.set(message.channel, (this.unread.get(message.channel) ?? 0) + 1)
        this.#tell('lists')
      }
    } else if (event.kind === 'remove') {
      const before = this.messages.get(event.id)
      if (before && this.messages.delete(event.id)) this.#tell('remove', before)
    } else if (event.kind === 'notice') this.#tell('notice', event.id, event.sentence)
    else {
      if (event.kind === 'me') this.state = { ...this.state, me: event.person }
      else this.state = { ...this.state, channels: [...this.state.channels, event.channel] }
      this.#tell('lists')
      // The address may name a new channel before the event about it arrives.
      if (this.channel !== this.#known(channelInAddress())) this.open(channelInAddress())
    }
  }

  /** @param {string} channel */
  #known(channel) {
    return this.state.channels.includes(channel) ? channel : this.channel
  }

  /**
   * @template {keyof Listener} K
   * @param {K} what
   * @param {Parameters<Listener[K]>} given
   */
  #tell(what, ...given) {
    for (const listener of this.#listeners) {
      const heard = /** @type {((...given: unknown[]) => void) | undefined} */ (listener[what])
      heard?.(...given)
    }
  }
}

const channelInAddress = () => decodeURIComponent(location.hash.slice(1))
