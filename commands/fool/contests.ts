import type { Context } from '../../src/chat/context.ts'
import type { Place } from '../../src/chat/place.ts'
import type { Services } from '../../src/chat/services.ts'
import { UserError } from '../../src/errors.ts'
import { endOf } from '../../src/games/ends.ts'
import type { Translate } from '../../src/language.ts'
import { hiddenIn } from '../scores/records.ts'
import { placings } from './placings.ts'
import type { Store } from '../../src/store/store.ts'
import { idOf } from '../contest/contest.ts'
import {
  contests,
  type Contest,
  type ContestEntry,
  type ContestResult,
  endings,
  entries,
  extensions,
  type KeptPicture,
  openContests,
  pictures,
  type RankedEntry,
  results,
} from './records.ts'

/** How long the pictures of a contest are kept after its end, so that its board can still be paged through. */
export const keptAfterEndMs = 7 * 24 * 60 * 60_000

/** The latest contest in a channel. */
export async function latest(store: Store, place: Place): Promise<Contest | undefined> {
  return (await store.list(contests, place, [place.channel])).at(-1)?.value
}

export const endsAt = async (store: Store, contest: Contest): Promise<number> =>
  endOf(
    contest.ends,
    (await store.list(extensions, contest.place, idOf(contest))).map(({ value }) => value),
  )

export const isOver = async ({ store, now }: Services, contest: Contest): Promise<boolean> =>
  (await store.get(endings, contest.place, idOf(contest))) !== undefined ||
  (await endsAt(store, contest)) <= now().getTime()

/** @throws UserError 'not-found' if none was ever opened here. */
export async function shown({ services, place }: Pick<Context, 'services' | 'place'>): Promise<Contest> {
  const contest = await latest(services.store, place)
  if (contest) return contest
  throw new UserError('not-found', 'fool.none')
}

/** A contest of this channel by its number, for buttons. */
export async function numbered(
  { services, place }: Pick<Context, 'services' | 'place'>,
  number: number,
): Promise<Contest> {
  const all = await services.store.list(contests, place, [place.channel])
  const found = all.find(({ value }) => value.number === number)
  if (found) return found.value
  throw new UserError('not-found', 'fool.unknown')
}

/** The contest with that number, or the latest one. @throws UserError 'not-found' or 'closed'. */
export async function running(
  context: Pick<Context, 'services' | 'place'>,
  number?: number,
): Promise<Contest> {
  const contest = await shown(context)
  if ((number !== undefined && number !== contest.number) || (await isOver(context.services, contest)))
    throw new UserError('closed', 'fool.over')
  return contest
}

/**
 * Opens a contest as the channel's next one; of several at the same instant, exactly one.
 * @throws UserError 'busy' if one is running.
 */
export async function openContest(
  services: Services,
  contest: Omit<Contest, 'number' | 'picture'>,
  picture: Pick<KeptPicture, 'bytes' | 'spoiler'>,
): Promise<Contest> {
  const { store } = services
  const { place } = contest
  const before = await latest(store, place)
  if (before && !(await isOver(services, before))) throw alreadyOpen()
  // Two contests that are opened at the same instant each have a picture of their own, even if it is the same one.
  const opened: Contest = {
    ...contest,
    number: (before?.number ?? 0) + 1,
    picture: services.newId(),
  }
  await store.set(openContests, place, idOf(opened), { opened: contest.opened })
  const kept = { ...picture, mimeType: 'image/jpeg', person: contest.opener.id } as const
  await store.set(pictures, place, idOf(opened, opened.picture), kept)
  if (!(await store.insertIfAbsent(contests, place, idOf(opened), opened))) {
    await store.delete(pictures, place, idOf(opened, opened.picture))
    throw alreadyOpen()
  }
  return opened
}

export const alreadyOpen = (): UserError => new UserError('busy', 'fool.running')

export interface Kept {
  readonly id: string
  readonly entry: ContestEntry
}

export async function entriesOf(store: Store, contest: Contest): Promise<Kept[]> {
  const listed = await store.list(entries, contest.place, idOf(contest))
  return listed.map(({ id, value }) => ({ id: id[2]!, entry: value }))
}

export type Standings = Pick<ContestResult, 'edits' | 'photographs'>

/** As they stand, or as they stood at the end. */
export async function standingsOf(store: Store, contest: Contest): Promise<Standings> {
  const result = await store.get(results, contest.place, idOf(contest))
  if (result) return result
  const kept = await entriesOf(store, contest)
  return placings(kept)
}

/** The same for everybody to see: without the names of those who hide. */
export const shownStandings = async (store: Store, contest: Contest, t: Translate): Promise<Standings> =>
  withoutHidden(await standingsOf(store, contest), await hiddenIn(store, contest.place), t)

/** Whoever hides keeps their place, without a name. */
export function withoutHidden<S extends Standings>(
  standings: S,
  hidden: ReadonlySet<string>,
  t: Translate,
): S {
  const veiled = (list: readonly RankedEntry[]) =>
    list.map((ranked) =>
      hidden.has(ranked.entry.person)
        ? { ...ranked, entry: { ...ranked.entry, name: t('contest.somebody') } }
        : ranked,
    )
  return { ...standings, edits: veiled(standings.edits), photographs: veiled(standings.photographs) }
}

/**
 * Ends a contest, once and for all: called again, or by another process, it gives the same result.
 * @param by who ends it; nobody if its time is up
 */
export async function settle(
  { store, now }: Services,
  contest: Contest,
  by?: { id: string; name: string },
): Promise<ContestResult> {
  const { place } = contest
  const at = now().getTime()
  await store.insertIfAbsent(endings, place, idOf(contest), { at, ...(by && { by }) })
  const ending = (await store.get(endings, place, idOf(contest)))!
  const standing = await standingsOf(store, contest)
  const { edits, photographs } = standing
  await store.insertIfAbsent(results, place, idOf(contest), {
    ended: ending.at,
    ...(ending.by && { by: ending.by }),
    edits,
    photographs,
  })
  return (await store.get(results, place, idOf(contest)))!
}

/**
 * Writes an entry down; once this resolves it counts, whatever happens next.
 * @throws UserError 'closed' if the contest ended before.
 */
export async function enter(
  services: Services,
  contest: Contest,
  { id, entry }: Kept,
  picture: Pick<KeptPicture, 'bytes' | 'spoiler'>,
): Promise<void> {
  const { store } = services
  const { place } = contest
  const kept = { ...picture, mimeType: 'image/jpeg', person: entry.person } as const
  await store.set(pictures, place, idOf(contest, id), kept)
  await store.insertIfAbsent(entries, place, idOf(contest, id), entry)
  if (!(await store.get(endings, place, idOf(contest)))) return
  // It ended meanwhile: the result says whether the entry was still counted.
  const { edits, photographs } = await settle(services, contest)
  if (
    [...edits, ...photographs].some(
      (ranked) => ranked.entry.person === entry.person && ranked.entry.at >= entry.at,
    )
  )
    return
  await remove(store, contest, id)
  throw new UserError('closed', 'fool.tooLate')
}

/** A picture of a contest. @throws UserError 'closed' if it was deleted. */
export async function pictureOf(store: Store, contest: Contest, id: string): Promise<KeptPicture> {
  const kept = await store.get(pictures, contest.place, idOf(contest, id))
  if (kept) return kept
  throw new UserError('closed', 'fool.pictureGone')
}

/** Removes an entry and its picture. */
export async function remove(store: Store, contest: Contest, id: string): Promise<void> {
  await store.delete(entries, contest.place, idOf(contest, id))
  await store.delete(pictures, contest.place, idOf(contest, id))
}
