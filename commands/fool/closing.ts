import { communityLanguage, settingsOf } from '../../src/chat/community.ts'
import type { Services } from '../../src/chat/services.ts'
import { translator } from '../../src/language.ts'
import type { Scope } from '../../src/store/store.ts'
import { announcementKey, announceOnce, closingDue, idOf } from '../contest/contest.ts'
import { isOver, settle } from './contests.ts'
import { announcement, finish } from './end.ts'
import { type Contest, contests, openContests, results } from './records.ts'

/** Ends every contest whose time is up, once, and announces ends that a crash left unannounced. */
export const closeDueContests = closingDue('fool', dueIn, close)

async function dueIn(services: Services, scope: Scope): Promise<Contest[]> {
  const due: Contest[] = []
  for (const { id } of await services.store.list(openContests, scope)) {
    const contest = await services.store.get(contests, scope, id)
    if (contest && (await isOver(services, contest))) due.push(contest)
  }
  return due
}

async function close(services: Services, contest: Contest): Promise<void> {
  const result =
    (await services.store.get(results, contest.place, idOf(contest))) ?? (await settle(services, contest))
  const t = translator(communityLanguage(await settingsOf(services.store, contest.place)))
  const reply = await announcement(services, { theme: 'both', t }, contest, result)
  if (await announceOnce(services, contest, announcementKey('fool', contest), reply))
    await finish(services, contest, result)
}
