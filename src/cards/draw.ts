import type { Requester } from '../threads/line.ts'
import type { JobsOf, Pool } from '../threads/pool.ts'
import type * as CardJobs from './card.worker.ts'
import type { Drawing, DrawingData, DrawingName } from './index.ts'

/** Draws off the event loop, which a card would hold up for some 10 ms. */
export interface CardDrawer {
  /**
   * Data are copied to the thread, so the caller may use them again: for the next unit's heat map.
   * @throws UserError 'busy' if too much of the requester's waits already, or what the drawing says of its data.
   */
  draw<Name extends DrawingName>(name: Name, data: DrawingData<Name>): Promise<Drawing<Name>>
  /** The same for somebody who waits: people and communities take turns, and have a share of the line. */
  for(requester: Requester): CardDrawer
}

/** No card takes longer than a second. */
const DRAW_WITHIN_MS = 20_000

/** @param pool its threads each keep the fonts in memory */
export function createCardDrawer(pool: Pool, requester?: Requester): CardDrawer {
  const jobs: JobsOf<typeof CardJobs> = pool.jobs('src/cards/card.worker.ts')
  const options = { deadlineMs: DRAW_WITHIN_MS, ...(requester && { requester }) }
  return {
    draw: async (name, data) => (await jobs.run('draw', () => ({ name, data }), options)) as never,
    for: (someone) => createCardDrawer(pool, someone),
  }
}
