import { setTimeout } from 'node:timers/promises'

/** Waits for all of these to end in whatever way, but no longer than this. */
export async function within(ms: number, works: Iterable<Promise<unknown>>): Promise<void> {
  const done = new AbortController()
  const timeIsUp = setTimeout(ms, undefined, { signal: done.signal })
  await Promise.race([Promise.allSettled(works), timeIsUp])
  done.abort()
  await timeIsUp.catch(() => {})
}
