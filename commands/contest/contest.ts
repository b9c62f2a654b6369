import type { Context } from '../../src/chat/context.ts'
import type { Place } from '../../src/chat/place.ts'
import type { MinuteTask } from '../../src/chat/minute-task.ts'
import type { Reply } from '../../src/chat/reply.ts'
import type { Services } from '../../src/chat/services.ts'
import { UserError } from '../../src/errors.ts'
import type { Scope } from '../../src/store/store.ts'
import { postOnce, postRecord } from './post-once.ts'

/** The contests of a channel are counted from 1. */
export interface Numbered {
  readonly place: Place
  readonly number: number
}

/** The id of a contest's record, or of one that belongs to it; ids sort as the numbers do. */
export const idOf = ({ place, number }: Numbered, ...rest: readonly string[]): string[] => [
  place.channel,
  String(number).padStart(6, '0'),
  ...rest,
]

/** @throws UserError 'not-allowed' for anyone who neither opened the contest nor moderates. */
export function mustManage(
  { person }: Context,
  opener: { readonly id: string; readonly name: string } | undefined,
): void {
  if (person.moderator || person.id === opener?.id) return
  if (!opener?.id) throw new UserError('not-allowed', 'errors.notModerator')
  throw new UserError('not-allowed', 'contest.onlyStarter', { values: { name: opener.name } })
}

/** Closes the contests of each community that are due; one that fails is logged and tried again in a minute. */
export const closingDue = <Contest extends Numbered>(
  game: string,
  due: (services: Services, scope: Scope) => Promise<readonly Contest[]>,
  close: (services: Services, contest: Contest) => Promise<void>,
): MinuteTask => ({
  atOnce: 8,
  async run(services, scope) {
    for (const contest of await due(services, scope)) {
      try {
        await close(services, contest)
      } catch (error) {
        const { place, number } = contest
        services.log.error({ err: error, game, place, number }, 'a contest could not be ended')
      }
    }
  },
})

/** Names the announcement of a contest's end, so that it is posted once. */
export const announcementKey = (game: string, contest: Numbered): string[] => [game, ...idOf(contest)]

/**
 * Announces the end of a contest in its channel, once however many processes try. A channel that is gone ends its
 * contest quietly.
 * @returns whether nothing is left to do; otherwise another process is at work, and the next minute tries again
 */
export async function announceOnce(
  services: Services,
  { place }: Numbered,
  key: readonly string[],
  reply: Reply,
): Promise<boolean> {
  const { log, store } = services
  try {
    const outcome = await postOnce(services, place, key, reply)
    if (outcome === 'missed') log.warn({ place, key }, 'the end of a contest may not have been announced')
    return (await store.get(postRecord, place, key)) !== undefined
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    if (error.code === 'busy') return false
    log.info({ place, key }, `the end of a contest was not announced: ${error.message}`)
    return true
  }
}
