import { communityLanguage, settingsOf } from '../../src/chat/community.ts'
import { heading } from '../../src/chat/elements.ts'
import type { PlatformName } from '../../src/chat/place.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Reply } from '../../src/chat/reply.ts'
import type { Services } from '../../src/chat/services.ts'
import { pointsForPlace } from '../../src/games/scores/table.ts'
import { english, translator } from '../../src/language.ts'
import type { Scope } from '../../src/store/store.ts'
import { announcementKey, announceOnce, closingDue, idOf } from '../contest/contest.ts'
import { addScore } from '../scores/record.ts'
import { boardFor, classes, standingsOf, type Standings } from './board.ts'
import { nameOfUnit } from '../neuron/look-up.ts'
import { asHunt, huntDone, huntEnd, huntRecord, type Hunt } from './records.ts'

/** Gives the points of hunts whose time is up and announces their end, each once. */
export const endDueHunts = closingDue('hunt', dueIn, close)

async function dueIn({ store, now }: Services, scope: Scope): Promise<Hunt[]> {
  const done = new Set((await store.list(huntDone, scope)).map(({ id }) => id.join('/')))
  const due: Hunt[] = []
  for (const { id, value } of await store.list(huntRecord, scope)) {
    if (done.has(id.join('/'))) continue
    const [channel = '', number = ''] = id
    const place = { ...scope, platform: scope.platform as PlatformName, channel }
    const hunt = await asHunt(store, place, Number(number), value, now().getTime())
    if (hunt.ended !== undefined) due.push(hunt)
  }
  return due
}

async function close(services: Services, hunt: Hunt): Promise<void> {
  const { store, now } = services
  const at = hunt.ended ?? hunt.ends
  await store.insertIfAbsent(huntEnd, hunt.place, idOf(hunt), { at })
  const standings = await standingsOf(services, hunt)
  await givePoints(services, hunt, standings, at)
  const reply = await announcement(services, hunt, standings)
  if (await announceOnce(services, hunt, announcementKey('hunt', hunt), reply))
    await store.set(huntDone, hunt.place, idOf(hunt), { at: now().getTime() })
}

async function givePoints(
  { store, catalogue }: Services,
  hunt: Hunt,
  standings: Standings,
  at: number,
): Promise<void> {
  const name = nameOfUnit(catalogue, hunt.unit, english)
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
  const t = translator(communityLanguage(await settingsOf(services.store, hunt.place)))
  const board = await boardFor(services, hunt, standings, 'both', t)
  const name = plain(nameOfUnit(services.catalogue, hunt.unit, t))
  return {
    ...board,
    elements: [heading(t('hunt.ended', { name })), ...board.elements],
  }
}
