import { schedule } from 'node-cron'
import type { MinuteTask } from './chat/minute-task.ts'
import type { Services } from './chat/services.ts'
import { SteadyClock } from './games/steady-clock.ts'
import type { Scope } from './store/store.ts'

export interface Ticker {
  /** Ticks no more, and waits for what runs. */
  stop(): Promise<void>
}

/**
 * Runs each task for each community every minute. Where a run still goes on when the next is due, that community
 * is left out for this task, and no other waits for it. A run that fails is logged and tried again a minute later.
 * The store is swept at once and every hour.
 */
export function startTicker(tasks: readonly MinuteTask[], services: Services): Ticker {
  const rounds = tasks.map((task) => new Rounds(task, services))
  const clock = new SteadyClock()
  let looking: Promise<void> | undefined
  const tick = (): void => {
    looking ??= look()
      .catch((error: unknown) => services.log.error({ err: error }, 'nobody could be asked what is due'))
      .finally(() => (looking = undefined))
  }
  async function look(): Promise<void> {
    const now = services.now()
    if (!clock.believes(now.getTime(), performance.now())) {
      services.log.warn({ now }, 'the clock has jumped; schedules wait until it shows that it means it')
      return
    }
    const scopes = await services.store.scopes()
    for (const each of rounds) each.begin(scopes)
  }
  let swept: Promise<void> | undefined
  const sweep = (): void => {
    swept = services.store
      .sweep()
      .catch((error: unknown) => services.log.warn({ err: error }, 'the store was not swept'))
  }
  const crons = [schedule('* * * * *', tick), schedule('0 * * * *', sweep)]
  tick()
  sweep()
  return {
    async stop() {
      for (const cron of crons) await cron.stop()
      await Promise.all([looking, swept])
      await Promise.all(rounds.map((each) => each.stop()))
    },
  }
}

/** One task's runs. Platforms stand apart, so that one that hangs holds up no other. */
class Rounds {
  readonly #task: MinuteTask
  readonly #services: Services
  readonly #platforms = new Map<string, Line>()

  constructor(task: MinuteTask, services: Services) {
    this.#task = task
    this.#services = services
  }

  begin(scopes: readonly Scope[]): void {
    for (const scope of scopes) {
      const line = this.#platforms.get(scope.platform) ?? { waiting: new Map(), running: new Map() }
      this.#platforms.set(scope.platform, line)
      // Whoever still waits from the minute before keeps their place.
      if (!line.running.has(scope.community) && !line.waiting.has(scope.community))
        line.waiting.set(scope.community, scope)
    }
    for (const line of this.#platforms.values()) this.#fill(line)
  }

  async stop(): Promise<void> {
    const lines = [...this.#platforms.values()]
    for (const { waiting } of lines) waiting.clear()
    await Promise.all(lines.flatMap(({ running }) => [...running.values()]))
  }

  #fill(line: Line): void {
    const { waiting, running } = line
    for (const [community, scope] of waiting) {
      if (running.size >= this.#task.atOnce) return
      waiting.delete(community)
      const run = this.#task
        .run(this.#services, scope)
        .catch((error: unknown) =>
          this.#services.log.error({ err: error, ...scope }, 'a scheduled task failed'),
        )
        .finally(() => {
          running.delete(community)
          this.#fill(line)
        })
      running.set(community, run)
    }
  }
}

/** A platform's communities, by name. */
interface Line {
  readonly waiting: Map<string, Scope>
  readonly running: Map<string, Promise<void>>
}
