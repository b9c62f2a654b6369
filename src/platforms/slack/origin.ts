import type { webApi } from '@slack/bolt'
import type { Logger } from 'pino'
import type { Origin, Person } from '../../chat/context.ts'
import type { Place } from '../../chat/place.ts'
import { unescaped } from './escape.ts'

/** Names and roles rarely change. */
const peopleKeptMs = 10 * 60_000

interface Known {
  readonly person: Person
  readonly locale: string
  readonly until: number
}

/** Who people are, by users.info (scope users:read), cached for a while. */
export class People {
  readonly #known = new Map<string, Known>()
  readonly #log: Logger

  constructor(log: Logger) {
    this.#log = log
  }

  async originOf(
    client: webApi.WebClient,
    place: Place,
    userId: string,
    signal: AbortSignal,
  ): Promise<Origin> {
    const key = `${place.community}:${userId}`
    const kept = this.#known.get(key)
    const known = kept && kept.until > Date.now() ? kept : await this.#ask(client, userId)
    if (known.until > 0) this.#known.set(key, known)
    return { platform: 'slack', place, person: known.person, locale: known.locale, theme: 'light', signal }
  }

  /** People who cannot be looked up (the scope is missing, Slack is down) play under their ids and are not moderators. */
  async #ask(client: webApi.WebClient, id: string): Promise<Known> {
    const answer = await client.users.info({ user: id, include_locale: true }).catch((error: unknown) => {
      this.#log.error({ err: error, user: id }, 'slack: nobody could be asked who this is')
      return undefined
    })
    if (!answer) return { person: { id, name: id, moderator: false }, locale: 'en', until: 0 }
    const { user } = answer
    const name = unescaped(user?.profile?.display_name || user?.real_name || user?.name || id)
    const moderator = Boolean(user?.is_admin || user?.is_owner || user?.is_primary_owner)
    return { person: { id, name, moderator }, locale: user?.locale ?? 'en', until: Date.now() + peopleKeptMs }
  }
}
