import { schedule } from 'node-cron'
import type { Services } from './chat/services.ts'

/** Something that looks every minute whether it is due: pure rules decide, and records say what was done. */
export type MinuteTask = (services: Services) => Promise<void>

export interface Ticker {
  /** Ticks no more, and waits for what runs. */
  stop(): Promise<void>
}

/** Calls each task every minute, one run at a time; a run that fails is logged and tried again at the next tick. */
export function startTicker(tasks: readonly MinuteTask[], services: Services): Ticker {
  let running: Promise<unknown> | undefined
  const tick = (): void => {
    running ??= Promise.allSettled(tasks.map((task) => task(services)))
      .then((outcomes) => {
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected')
            services.log.error({ err: outcome.reason }, 'a scheduled task failed')
        }
      })
      .finally(() => (running = undefined))
  }
  const task = schedule('* * * * *', tick)
  tick()
  return {
    async stop() {
      await task.stop()
      await running
    },
  }
}
