import type { webApi } from '@slack/bolt'
import type { Origin } from '../../chat/dispatch.ts'
import type { Person, Place } from '../../chat/context.ts'

/** Names and roles change seldom. */
const peopleKeptMs = 10 * 60_000

interface Known {
  readonly person: Person
  readonly locale: string
  readonly until: number
}

/** Who people are, told by users:read, remembered for a while. */
export class People {
  readonly #known = new Map<string, Known>()

  async originOf(
    client: webApi.WebClient,
    place: Place,
    userId: string,
    signal: AbortSignal,
  ): Promise<Origin> {
    const key = `${place.community}:${userId}`
    const kept = this.#known.get(key)
    const known = kept && kept.until > Date.now() ? kept : await this.#ask(client, userId)
    this.#known.set(key, known)
    return { platform: 'slack', place, person: known.person, locale: known.locale, theme: 'light', signal }
  }

  async #ask(client: webApi.WebClient, id: string): Promise<Known> {
    const { user } = await client.users.info({ user: id, include_locale: true })
    const name = user?.profile?.display_name || user?.real_name || user?.name || id
    const moderator = Boolean(user?.is_admin || user?.is_owner || user?.is_primary_owner)
    return { person: { id, name, moderator }, locale: user?.locale ?? 'en', until: Date.now() + peopleKeptMs }
  }
}
