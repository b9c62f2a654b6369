import type { Services } from '../../src/chat/services.ts'
import { UserError } from '../../src/errors.ts'
import { isOver, settle } from './contests.ts'
import { announcement, finish } from './end.ts'
import { type Contest, contests, idOf, openContests, results } from './records.ts'

/**
 * Ends every contest whose time is up, and announces ends that a crash left unannounced. Called every minute by each
 * process; any number of them end and announce a contest once.
 */
export async function closeDueContests(services: Services): Promise<void> {
  for (const scope of await services.store.scopes()) {
    for (const { id } of await services.store.list(openContests, scope)) {
      const contest = await services.store.get(contests, scope, id)
      if (!contest) continue
      try {
        if (await isOver(services, contest)) await close(services, contest)
      } catch (error) {
        services.log.error(
          { err: error, place: contest.place, contest: contest.number },
          'a contest could not be ended',
        )
      }
    }
  }
}

async function close(services: Services, contest: Contest): Promise<void> {
  const { outbox, log, store } = services
  const result = (await store.get(results, contest.place, idOf(contest))) ?? (await settle(services, contest))
  await finish(services, contest, result, 'post', async () => {
    try {
      await outbox.post(
        contest.place,
        await announcement(services, 'light', contest, result),
        postKey(contest),
      )
    } catch (error) {
      // A channel that is gone ends its contest quietly; a platform that is not connected too: the board shows it.
      if (!(error instanceof UserError)) throw error
      log.warn(
        { place: contest.place, contest: contest.number },
        `the end of a contest was not announced: ${error.message}`,
      )
    }
  })
}

/** Names the post, so that the platform takes a repeat for what it is. */
const postKey = (contest: Contest): string => `fool-${idOf(contest).join('-')}`.slice(0, 60)
