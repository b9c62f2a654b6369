import { z } from 'zod'
import { UserError } from '../../errors.ts'
import type { RecordKind, Store } from '../../store/store.ts'
import { readable } from '../../text.ts'
import { scope } from './message.ts'
import { mustBePoliteName } from './people.ts'

export const channelKind = {
  name: 'playground-channel',
  version: 1,
  schema: z.object({ createdAt: z.number() }),
} satisfies RecordKind<{ createdAt: number }>

const always = ['general', 'games']
const maxChannels = 20

/** The channels by name; the first is where messages to one person arrive. */
export class Channels {
  readonly #store: Store
  readonly #names: string[]

  private constructor(store: Store, names: string[]) {
    this.#store = store
    this.#names = names
  }

  static async load(store: Store): Promise<Channels> {
    const made = await store.list(channelKind, scope)
    made.sort((a, b) => a.value.createdAt - b.value.createdAt)
    return new Channels(store, [...always, ...made.map(({ id }) => id[0]!)])
  }

  get names(): readonly string[] {
    return this.#names
  }

  /** @throws UserError 'not-found' if there is no such channel. */
  mustExist(name: string): string {
    if (!this.#names.includes(name))
      throw new UserError('not-found', 'platform.playground.noChannel', { values: { name } })
    return name
  }

  /**
   * @param wish as typed: "#Daily neuron" becomes "daily-neuron".
   * @returns the channel's name, and whether it is new.
   */
  async open(wish: string, now: Date): Promise<{ name: string; isNew: boolean }> {
    const name = readable(wish)
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '')
    if (name === '' || name.length > 32) throw new UserError('bad-option', 'platform.playground.channelName')
    await mustBePoliteName(this.#store, name)
    if (this.#names.includes(name)) return { name, isNew: false }
    if (this.#names.length >= maxChannels)
      throw new UserError('busy', 'platform.playground.tooManyChannels', { values: { most: maxChannels } })
    this.#names.push(name)
    await this.#store.set(channelKind, scope, [name], { createdAt: now.getTime() })
    return { name, isNew: true }
  }
}
