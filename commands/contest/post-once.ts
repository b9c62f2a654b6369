import { z } from 'zod'
import type { MessageRef, Place } from '../../src/chat/place.ts'
import type { Reply } from '../../src/chat/reply.ts'
import type { Services } from '../../src/chat/services.ts'
import { UserError } from '../../src/errors.ts'
import type { RecordKind } from '../../src/store/store.ts'

/** A claim older than this without an outcome was left by a process that died: posts take seconds. */
const postsWithinMs = 2 * 60_000
/** Claims are useless once their post is long over. */
const claimKeptMs = 7 * 24 * 60 * 60_000

export const claim = {
  name: 'post-claim',
  version: 1,
  lives: claimKeptMs,
  schema: z.object({ at: z.int() }),
} satisfies RecordKind<{ at: number }>

const schema = z.object({
  /** 'missed': a process died while posting, and the platform does not say whether it was sent. */
  outcome: z.enum(['posted', 'missed']),
  message: z.object({ channel: z.string(), message: z.string() }).exactOptional(),
  at: z.int(),
})

/** What became of a post that nobody asked for, under its key. */
export const postRecord = {
  name: 'post',
  version: 1,
  schema,
} satisfies RecordKind<z.infer<typeof schema>>

/**
 * Whether a post is done with. A miss is recorded once its time is over; one from a time that is still to come was
 * recorded by a clock that was wrong, and counts for nothing.
 */
export const isSettled = ({ outcome, at }: z.infer<typeof schema>, now: number): boolean =>
  outcome === 'posted' || at <= now

/**
 * Sends a post exactly once however many processes try and whenever one of them is killed: it is claimed before
 * it is sent and recorded after. Whoever takes a dead process's claim over looks for the post first, and where the
 * platform cannot look, prefers a miss to a double.
 * @param key names the post in its community, for example ['spotlight', channel, day]
 * @returns 'posted' or 'missed' to the one caller who brought it about; undefined if it was settled before, or
 * if another process is at it
 * @throws UserError if nothing was sent for a reason: channel gone, not allowed, platform not connected
 */
export async function postOnce(
  services: Services,
  place: Place,
  key: readonly string[],
  reply: Reply,
): Promise<'posted' | 'missed' | undefined> {
  const { store, outbox, now } = services
  const at = now().getTime()
  const settled = async () => {
    const post = await store.get(postRecord, place, key)
    return post !== undefined && isSettled(post, at)
  }
  if (await settled()) return undefined
  const claims = await store.list(claim, place, key)
  const last = claims.at(-1)
  if (last && Math.abs(at - last.value.at) < postsWithinMs) return undefined
  const own = [...key, String(claims.length).padStart(4, '0')]
  if (!(await store.insertIfAbsent(claim, place, own, { at }))) return undefined
  if (await settled()) return undefined

  const name = key.join('/')
  const found = last ? await outbox.findPost(place, name) : undefined
  if (found === 'cannot-look') {
    await store.set(postRecord, place, key, { outcome: 'missed', at })
    return 'missed'
  }
  const { channel, message } = found ?? (await send())
  await store.set(postRecord, place, key, { outcome: 'posted', message: { channel, message }, at })
  return 'posted'

  async function send(): Promise<MessageRef> {
    try {
      return await outbox.post(place, reply, name)
    } catch (error) {
      // A UserError says that nothing went out; after any other, only looking can tell.
      if (error instanceof UserError) await store.delete(claim, place, own)
      throw error
    }
  }
}

/**
 * Records that the time of a post is over; one that a dead process left behind is looked for first.
 * @returns 'missed' or 'posted' to the one caller who brought it about
 */
export async function settleLate(
  { store, outbox, now }: Services,
  place: Place,
  key: readonly string[],
): Promise<'posted' | 'missed' | undefined> {
  const at = now().getTime()
  const claims = await store.list(claim, place, key)
  const found = claims.length > 0 ? await outbox.findPost(place, key.join('/')) : undefined
  const { channel, message } = typeof found === 'object' ? found : {}
  const outcome = message === undefined ? 'missed' : 'posted'
  const value = { outcome, at, ...(channel && message && { message: { channel, message } }) } as const
  if (await store.insertIfAbsent(postRecord, place, key, value)) return outcome
  const before = await store.get(postRecord, place, key)
  if (before && isSettled(before, at)) return undefined
  await store.set(postRecord, place, key, value)
  return outcome
}
