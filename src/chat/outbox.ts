import { UserError } from '../errors.ts'
import type { MessageRef, Place, PlatformName } from './place.ts'
import type { Reply } from './reply.ts'

/** Messages that nobody has just asked for: a daily spotlight, the end of a contest. */
export interface Outbox {
  /**
   * Posts to a channel. `key` names the post: a repeat with the same key within a few minutes is the same post
   * if the platform supports it, and `findPost` finds it.
   * @throws UserError 'not-found' if the channel is gone, 'not-allowed' if the bot may not post there.
   */
  post(place: Place, reply: Reply, key: string): Promise<MessageRef>
  /** Looks for a post of its own after a crash; 'cannot-look' if the platform or a missing permission forbids it. */
  findPost(place: Place, key: string): Promise<MessageRef | undefined | 'cannot-look'>
  edit(message: MessageRef, reply: Reply): Promise<void>
  /** A message to one person, for example to tell whoever set up a schedule that it is paused. */
  tell(place: Omit<Place, 'channel'>, person: string, reply: Reply): Promise<void>
}

/** Hands each post to the platform that it is for. */
export class Outboxes implements Outbox {
  readonly #byPlatform = new Map<PlatformName, Outbox>()

  add(platform: PlatformName, outbox: Outbox): void {
    this.#byPlatform.set(platform, outbox)
  }

  post(place: Place, reply: Reply, key: string): Promise<MessageRef> {
    return this.#of(place).post(place, reply, key)
  }

  findPost(place: Place, key: string): Promise<MessageRef | undefined | 'cannot-look'> {
    return this.#of(place).findPost(place, key)
  }

  edit(message: MessageRef, reply: Reply): Promise<void> {
    return this.#of(message).edit(message, reply)
  }

  tell(place: Omit<Place, 'channel'>, person: string, reply: Reply): Promise<void> {
    return this.#of(place).tell(place, person, reply)
  }

  #of({ platform }: Omit<Place, 'channel'>): Outbox {
    const outbox = this.#byPlatform.get(platform)
    if (!outbox) throw new UserError('busy', 'chat.notConnected', { values: { platform } })
    return outbox
  }
}
