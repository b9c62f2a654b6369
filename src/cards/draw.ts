import type { Requester } from '../threads/line.ts'
import type { JobsOf, Pool } from '../threads/pool.ts'
import type * as CardJobs from './card.worker.ts'
import type { Drawing, DrawingData, DrawingName } from './index.ts'

/** Draws off the event loop, which a card would hold up for some 10 ms. */
export interface CardDrawer {
  /**
   * Data is copied to the thread, so the caller may use it again, as for the next unit's heat map.
   * @throws UserError 'busy' if the requester has too much waiting already, or whatever the drawing throws.
   */
  draw<Name extends DrawingName>(name: Name, data: DrawingData<Name>): Promise<Drawing<Name>>
  /** A drawer for one requester: people and communities take turns, and each has a share of the queue. */
  for(requester: Requester): CardDrawer
}

/** No card takes longer than a second. */
const drawWithinMs = 20_000

/** @param pool each of its threads keeps the fonts in memory */
export function createCardDrawer(pool: Pool, requester?: Requester): CardDrawer {
  const jobs: JobsOf<typeof CardJobs> = pool.jobs('src/cards/card.worker.ts')
  const options = { deadlineMs: drawWithinMs, ...(requester && { requester }) }
  return {
    draw: async (name, data) => (await jobs.run('draw', () => ({ name, data }), options)) as never,
    for: (someone) => createCardDrawer(pool, someone),
  }
}
