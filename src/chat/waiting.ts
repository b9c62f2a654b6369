import type { RunOptions } from '../jobs/engine.ts'
import type { Context } from './context.ts'

/** Who waits in the engine's queue: one person of one community. */
export const requesterOf = ({ place, person }: Pick<Context, 'place' | 'person'>): string =>
  `${place.platform}:${place.community}:${person.id}`

/** Options for a run of the engine that shows the place in line, and then that it runs. */
export const waiting = (
  context: Context,
  text: string,
): Required<Pick<RunOptions, 'signal' | 'requester' | 'onPlace'>> => ({
  signal: context.signal,
  requester: requesterOf(context),
  onPlace: (place) => context.progress(place > 0 ? { text: 'Waiting for a free moment.', place } : { text }),
})
