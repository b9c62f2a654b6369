import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { UserError } from '../errors.ts'
import type { Origin } from './dispatch.ts'

/** How many runs in how many seconds. */
export interface Allowance {
  readonly points: number
  readonly seconds: number
}

/**
 * Cooldowns for each person and each community. A person's mistake (a UserError) gives the run back.
 * Kept in memory: after a restart everybody starts afresh, which harms nobody.
 */
export class Cooldowns {
  readonly #perPerson: RateLimiterMemory
  readonly #perCommunity: RateLimiterMemory
  readonly #pauses = new Map<number, RateLimiterMemory>()

  constructor(perPerson: Allowance, perCommunity: Allowance) {
    this.#perPerson = new RateLimiterMemory({ points: perPerson.points, duration: perPerson.seconds })
    this.#perCommunity = new RateLimiterMemory({
      points: perCommunity.points,
      duration: perCommunity.seconds,
    })
  }

  /**
   * Runs it, or throws UserError 'too-soon' with the seconds to wait.
   * @param pause seconds between two runs of one person that the community's moderators ask for; 0 for none
   */
  async within(origin: Origin, command: string, pause: number, run: () => Promise<void>): Promise<void> {
    const { platform, community } = origin.place
    const person = `${platform}:${community}:${origin.person.id}`
    const everybody = `${platform}:${community}`
    const limiters = pause > 0 ? [this.#perPerson, this.#pausing(pause)] : [this.#perPerson]
    for (const limiter of limiters)
      await take(limiter, person, `Please wait {seconds} before the next /${command}.`)
    const giveBack = () => Promise.all(limiters.map((limiter) => limiter.reward(person)))
    try {
      await take(
        this.#perCommunity,
        everybody,
        'This community is playing faster than I can keep up; please try again in {seconds}.',
      )
    } catch (error) {
      await giveBack()
      throw error
    }
    try {
      await run()
    } catch (error) {
      if (error instanceof UserError) await Promise.all([giveBack(), this.#perCommunity.reward(everybody)])
      throw error
    }
  }

  #pausing(seconds: number): RateLimiterMemory {
    const limiter =
      this.#pauses.get(seconds) ??
      new RateLimiterMemory({ points: 1, duration: seconds, keyPrefix: `pause-${seconds}` })
    this.#pauses.set(seconds, limiter)
    return limiter
  }
}

async function take(limiter: RateLimiterMemory, key: string, sentence: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused
    const seconds = Math.max(1, Math.ceil(refused.msBeforeNext / 1000))
    throw new UserError(
      'too-soon',
      sentence.replace('{seconds}', seconds === 1 ? 'a second' : `${seconds} seconds`),
    )
  }
}
