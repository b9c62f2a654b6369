import { schedule } from 'node-cron'
import type { MinuteTask } from './chat/minute-task.ts'
import type { Services } from './chat/services.ts'
import { SteadyClock } from './games/steady-clock.ts'
import type { Scope } from './store/store.ts'

export interface Ticker {
  /** Stops ticking, and waits for running tasks. */
  stop(): Promise<void>
}

/**
 * Runs each task for each community every minute. If a run is still in progress when the next is due, that community
 * is skipped for this task, and no other has to wait. A run that fails is logged and tried again a minute later. The
 * store is swept at once and every hour.
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

/** One task's runs. Each platform has a lane of its own, so that one that hangs holds up no other. */
class Rounds {
  readonly #task: MinuteTask
  readonly #services: Services
  readonly #lanes = new Map<string, Lane>()

  constructor(task: MinuteTask, services: Services) {
    this.#task = task
    this.#services = services
  }

  begin(scopes: readonly Scope[]): void {
    for (const scope of scopes) {
      const lane = this.#lanes.get(scope.platform) ?? { waiting: new Map(), running: new Map() }
      this.#lanes.set(scope.platform, lane)
      // A community that is still waiting from the minute before keeps its place.
      if (!lane.running.has(scope.community) && !lane.waiting.has(scope.community))
        lane.waiting.set(scope.community, scope)
    }
    for (const lane of this.#lanes.values()) this.#fill(lane)
  }

  async stop(): Promise<void> {
    const lanes = [...this.#lanes.values()]
    for (const { waiting } of lanes) waiting.clear()
    await Promise.all(lanes.flatMap(({ running }) => [...running.values()]))
  }

  #fill(lane: Lane): void {
    const { waiting, running } = lane
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
          this.#fill(lane)
        })
      running.set(community, run)
    }
  }
}

/** A platform's communities, by name. */
interface Lane {
  readonly waiting: Map<string, Scope>
  readonly running: Map<string, Promise<void>>
}
