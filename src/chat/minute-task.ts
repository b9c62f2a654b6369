import type { Scope } from '../store/store.ts'
import type { Services } from './services.ts'

/**
 * Looks every minute, in every process, whether something of a community is due: pure rules decide, and records
 * say what was done. Communities and tasks are independent of each other: one that is slow delays only itself.
 */
export interface MinuteTask {
  /** How many communities of a platform it serves at the same time. */
  readonly atOnce: number
  run(services: Services, scope: Scope): Promise<void>
}
