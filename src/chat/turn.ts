import { randomUUID } from 'node:crypto'
import { UserError } from '../errors.ts'
import { languageOf, translator } from '../language.ts'
import type { Context, Origin } from './context.ts'
import type { Progress } from './reply.ts'
import type { Responder } from './responder.ts'
import type { Services } from './services.ts'
import { requesterOf } from './waiting.ts'

export type Outcome = 'answered' | 'refused' | 'failed'

/** A context before it is known who will see the answer, and in which language. */
export type Unspoken = Omit<Context<unknown>, 't' | 'translators'>

/** One event being answered: keeps the responder's calls in order and progress from overtaking the answer. */
export class Turn {
  readonly #responder: Responder
  readonly #services: Services
  #last: Promise<unknown> = Promise.resolve()
  #waiting: Progress | undefined
  #timer: NodeJS.Timeout | undefined
  #lastProgressAt = 0
  #answered = false

  constructor(responder: Responder, services: Services) {
    this.#responder = responder
    this.#services = services
  }

  async take(origin: Origin, what: string, run: (context: Unspoken) => Promise<void>): Promise<Outcome> {
    try {
      await run({
        ...origin,
        services: servicesFor(origin, this.#services),
        reply: (reply) => this.#answer(() => this.#responder.show(reply)),
        followUp: (reply, visibility) => this.#inOrder(() => this.#responder.followUp(reply, visibility)),
        progress: (progress) => this.#progress(progress),
      })
      return 'answered'
    } catch (error) {
      const sentence = this.#sentence(error, origin, what)
      await this.#answer(() =>
        this.#responder.refuse(sentence, error instanceof UserError ? 'theirs' : 'ours'),
      ).catch((cause: unknown) =>
        this.#services.log.error({ err: cause, what, sentence }, 'a refusal could not be delivered'),
      )
      return error instanceof UserError ? 'refused' : 'failed'
    } finally {
      clearTimeout(this.#timer)
    }
  }

  #sentence(error: unknown, origin: Origin, what: string): string {
    const t = translator(languageOf(origin.locale))
    if (error instanceof UserError) return error.in(t)
    const id = randomUUID().slice(0, 8)
    this.#services.log.error(
      { err: error, id, what, place: origin.place, person: origin.person.id },
      'a command failed',
    )
    return t('errors.fault', { id })
  }

  #answer<T>(send: () => Promise<T>): Promise<T> {
    this.#answered = true
    clearTimeout(this.#timer)
    return this.#inOrder(send)
  }

  #inOrder<T>(send: () => Promise<T>): Promise<T> {
    const sent = this.#last.then(send)
    this.#last = sent.catch(() => undefined)
    return sent
  }

  #progress(progress: Progress): void {
    if (this.#answered) return
    this.#waiting = progress
    if (this.#timer) return
    const dueIn = Math.max(0, this.#lastProgressAt + this.#responder.progressEveryMs - Date.now())
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      const latest = this.#waiting
      if (this.#answered || !latest) return
      this.#lastProgressAt = Date.now()
      this.#inOrder(() => (this.#answered ? Promise.resolve() : this.#responder.showProgress(latest))).catch(
        (error: unknown) => this.#services.log.warn({ err: error }, 'progress could not be shown'),
      )
    }, dueIn)
  }
}

/** The services as one person has them: they wait in line for their cards like everybody else. */
export const servicesFor = (origin: Origin, services: Services): Services => ({
  ...services,
  get cards() {
    return services.cards.for(requesterOf(origin))
  },
})
