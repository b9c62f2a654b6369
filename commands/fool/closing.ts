import type { MinuteTask } from '../../src/chat/minute-task.ts'
import type { Services } from '../../src/chat/services.ts'
import { UserError } from '../../src/errors.ts'
import { isOver, settle } from './contests.ts'
import { postOnce, postRecord } from '../post-once.ts'
import { announcement, announcementKey, finish } from './end.ts'
import { type Contest, contests, idOf, openContests, results } from './records.ts'

/**
 * Ends every contest whose time is up, and announces ends that a crash left unannounced; any number of processes end
 * and announce a contest once.
 */
export const closeDueContests: MinuteTask = {
  atOnce: 8,
  async run(services, scope) {
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
  },
}

async function close(services: Services, contest: Contest): Promise<void> {
  const { log, store } = services
  const { place } = contest
  const key = announcementKey(contest)
  const result = (await store.get(results, place, idOf(contest))) ?? (await settle(services, contest))
  try {
    const outcome = await postOnce(
      services,
      place,
      key,
      await announcement(services, 'both', contest, result),
    )
    if (outcome === 'missed') log.warn({ place, key }, 'the end of a contest was perhaps not announced')
    // Another process is at it: it goes on, or the next minute does.
    if (!(await store.get(postRecord, place, key))) return
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'busy') throw error
    // A channel that is gone ends its contest quietly.
    log.info({ place, key }, `the end of a contest was not announced: ${error.message}`)
  }
  await finish(services, contest, result)
}
