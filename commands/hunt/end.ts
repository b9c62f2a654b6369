import type { PlatformName } from '../../src/chat/context.ts'
import { plain } from '../../src/chat/markup.ts'
import type { MinuteTask } from '../../src/chat/minute-task.ts'
import type { Reply } from '../../src/chat/reply.ts'
import type { Services } from '../../src/chat/services.ts'
import { UserError } from '../../src/errors.ts'
import { pointsForPlace } from '../../src/games/scores/table.ts'
import { postOnce, postRecord } from '../post-once.ts'
import { addScore } from '../scores/record.ts'
import { boardFor, classes, nameOfUnit, standingsOf, type Standings } from './board.ts'
import { asHunt, huntDone, huntEnd, huntRecord, idOf, type Hunt } from './records.ts'

/** Gives the points of hunts whose time is up and announces their end, each once. */
export const endDueHunts: MinuteTask = {
  atOnce: 8,
  async run(services, scope) {
    const { store, log, now } = services
    const done = new Set((await store.list(huntDone, scope)).map(({ id }) => id.join('/')))
    for (const { id, value } of await store.list(huntRecord, scope)) {
      if (done.has(id.join('/'))) continue
      const [channel = '', number = ''] = id
      const place = { ...scope, platform: scope.platform as PlatformName, channel }
      const hunt = await asHunt(store, place, number, value, now().getTime())
      try {
        if (hunt.ended !== undefined) await finish(services, hunt, hunt.ended)
      } catch (error) {
        log.error({ err: error, place, number }, 'a hunt could not be ended; it is tried again in a minute')
      }
    }
  },
}

async function finish(services: Services, hunt: Hunt, at: number): Promise<void> {
  const { store, log, now } = services
  await store.insertIfAbsent(huntEnd, hunt.place, idOf(hunt), { at })
  const standings = await standingsOf(services, hunt)
  await givePoints(services, hunt, standings, at)
  const key = ['hunt', ...idOf(hunt)]
  try {
    await postOnce(services, hunt.place, key, await announcement(services, hunt, standings))
    if (!(await store.get(postRecord, hunt.place, key))) return // another process is at it
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    if (error.code === 'busy') return // another process serves this platform
    log.info({ place: hunt.place }, `the end of a hunt was not announced: ${error.message}`)
  }
  await store.set(huntDone, hunt.place, idOf(hunt), { at: now().getTime() })
}

async function givePoints(
  { store, catalogue }: Services,
  hunt: Hunt,
  standings: Standings,
  at: number,
): Promise<void> {
  const name = catalogue.units.find(({ unit }) => unit === hunt.unit)?.name ?? `unit ${hunt.unit}`
  for (const of of classes)
    for (const { place, entry } of standings[of])
      await addScore(store, hunt.place, [...idOf(hunt), of].join('/'), {
        game: 'hunt',
        person: entry.player,
        name: entry.name,
        points: pointsForPlace(place),
        at,
        detail: `${name}, ${of}, place ${place}`,
      })
}

async function announcement(services: Services, hunt: Hunt, standings: Standings): Promise<Reply> {
  const board = await boardFor(services, hunt, standings, 'both')
  const name = plain(nameOfUnit(services, hunt.unit))
  return {
    ...board,
    elements: [{ kind: 'heading', text: `The hunt for ${name} is over` }, ...board.elements],
  }
}
