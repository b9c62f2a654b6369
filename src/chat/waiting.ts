import type { RunOptions } from '../jobs/engine.ts'
import type { Requester } from '../threads/line.ts'
import type { Context } from './context.ts'

/** Whoever waits in a line: one person of one community. */
export function requesterOf({ place, person }: Pick<Context, 'place' | 'person'>): Requester {
  const community = `${place.platform}:${place.community}`
  return { community, person: `${community}:${person.id}` }
}

/** Options for a run of the engine that shows the place in line, and then that it runs. */
export const waiting = (
  context: Pick<Context, 'place' | 'person' | 'signal' | 'progress' | 't'>,
  text: string,
): Required<Pick<RunOptions, 'signal' | 'requester' | 'onPlace'>> => ({
  signal: context.signal,
  requester: requesterOf(context),
  onPlace: (place) => context.progress({ text: place > 0 ? context.t('chat.waiting', { place }) : text }),
})
