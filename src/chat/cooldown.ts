import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible'
import { UserError } from '../errors.ts'
import { type Allowance, inMemory, type OpenLimiter } from './limits.ts'
import type { Said } from '../language.ts'
import type { Origin } from './context.ts'

/** A press of a button costs a person this share of a command: games are played by pressing. */
const pressesPerCommand = 3
/** So many mistakes a minute cost a person nothing. More are a flood, and count as runs. */
const slips: Allowance = { points: 5, seconds: 60 }

/**
 * Cooldowns for each person and each community. A person's mistake (a UserError) gives the run back.
 */
export class Cooldowns {
  readonly #perPerson: RateLimiterAbstract
  readonly #perCommunity: RateLimiterAbstract
  readonly #pauses = new Map<number, RateLimiterAbstract>()
  readonly #slips: RateLimiterAbstract
  readonly #open: OpenLimiter

  constructor(perPerson: Allowance, perCommunity: Allowance, open = inMemory) {
    this.#open = open
    this.#perPerson = open('person', { ...perPerson, points: perPerson.points * pressesPerCommand })
    this.#perCommunity = open('community', perCommunity)
    this.#slips = open('slips', slips)
  }

  /**
   * Runs a command, or throws UserError 'too-soon' with the seconds to wait.
   * @param pause seconds between two runs of one person that the community's moderators ask for; 0 for none
   */
  async within(origin: Origin, command: string, pause: number, run: () => Promise<void>): Promise<void> {
    const { person, community } = keysOf(origin)
    const wait = beforeNext(command)
    const tooFast: Said = { key: 'chat.tooSoon.community' }
    await this.#paid(
      person,
      [
        { limiter: this.#perPerson, key: person, points: pressesPerCommand, refusal: wait },
        ...(pause > 0 ? [{ limiter: this.#pausing(pause), key: person, points: 1, refusal: wait }] : []),
        { limiter: this.#perCommunity, key: community, points: 1, refusal: tooFast },
      ],
      run,
    )
  }

  /**
   * For platforms that keep what was sent before it runs.
   * @throws UserError 'too-soon' if the person could not run a command now
   */
  async mustBeFree(asking: Asking, command: string): Promise<void> {
    const spent = await this.#perPerson.get(keysOf(asking).person)
    if (spent && spent.remainingPoints < pressesPerCommand) throw tooSoon(spent, beforeNext(command))
  }

  /**
   * Runs what a button does, or throws as `within` does. Only the person pays: a spotlight is answered by a whole
   * community within a minute.
   */
  async pressing(origin: Origin, run: () => Promise<void>): Promise<void> {
    const { person } = keysOf(origin)
    const refusal: Said = { key: 'chat.tooSoon.press' }
    await this.#paid(person, [{ limiter: this.#perPerson, key: person, points: 1, refusal }], run)
  }

  async #paid(person: string, prices: readonly Price[], run: () => Promise<void>): Promise<void> {
    const paid: Price[] = []
    const giveBack = () => Promise.all(paid.map(({ limiter, key, points }) => limiter.reward(key, points)))
    try {
      for (const price of prices) {
        await pay(price)
        paid.push(price)
      }
    } catch (error) {
      await giveBack()
      throw error
    }
    try {
      await run()
    } catch (error) {
      if (error instanceof UserError && (await this.#isSlip(person))) await giveBack()
      throw error
    }
  }

  #isSlip(person: string): Promise<boolean> {
    return this.#slips.consume(person).then(
      () => true,
      () => false,
    )
  }

  #pausing(seconds: number): RateLimiterAbstract {
    const limiter = this.#pauses.get(seconds) ?? this.#open(`pause-${seconds}`, { points: 1, seconds })
    this.#pauses.set(seconds, limiter)
    return limiter
  }
}

interface Price {
  readonly limiter: RateLimiterAbstract
  readonly key: string
  readonly points: number
  /** Takes the seconds to wait as its count. */
  readonly refusal: Said
}

const beforeNext = (command: string): Said => ({ key: 'chat.tooSoon.command', values: { command } })

type Asking = Pick<Origin, 'place' | 'person'>

function keysOf({ place: { platform, community }, person }: Asking) {
  return { person: `${platform}:${community}:${person.id}`, community: `${platform}:${community}` }
}

async function pay({ limiter, key, points, refusal }: Price): Promise<void> {
  try {
    await limiter.consume(key, points)
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused
    // What is refused is not taken: somebody who keeps trying does not wait longer for it.
    await limiter.reward(key, points)
    throw tooSoon(refused, refusal)
  }
}

function tooSoon({ msBeforeNext }: RateLimiterRes, { key, values }: Said): UserError {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000))
  return new UserError('too-soon', key, { values: { ...values, count: seconds } })
}
