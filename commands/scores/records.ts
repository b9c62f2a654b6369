import { z } from 'zod'
import { currentSeason, type Season } from '../../src/games/scores/seasons.ts'
import type { RecordKind, Scope, Store } from '../../src/store/store.ts'

/** That a person does not want to be in the scores, under [person]. */
export const hiddenRecord = {
  name: 'score-hidden',
  version: 1,
  schema: z.object({ person: z.string(), at: z.int() }),
} satisfies RecordKind<{ person: string; at: number }>

/** People who are shown in no standings. */
export const hiddenIn = async (store: Store, scope: Scope): Promise<ReadonlySet<string>> =>
  new Set((await store.list(hiddenRecord, scope)).map(({ value }) => value.person))

const opening = z.object({ name: z.string(), opened: z.int() })

/** That moderators opened a season, under [number]. */
export const seasonRecord = {
  name: 'season',
  version: 1,
  schema: opening,
} satisfies RecordKind<z.infer<typeof opening>>

/** That they closed it, under the same. */
export const seasonEndRecord = {
  name: 'season-end',
  version: 1,
  schema: z.object({ at: z.int() }),
} satisfies RecordKind<{ at: number }>

export interface NumberedSeason extends Season {
  readonly number: string
}

/** In the order in which they were opened. */
export async function seasonsOf(store: Store, scope: Scope): Promise<NumberedSeason[]> {
  const ends = await store.list(seasonEndRecord, scope)
  const seasons = await store.list(seasonRecord, scope)
  return seasons.map(({ id: [number = ''], value }) => {
    const end = ends.find(({ id }) => id[0] === number)
    return { ...value, number, ...(end && { closed: end.value.at }) }
  })
}

/** @returns whether it was opened: false while another one is running */
export async function openSeason(store: Store, scope: Scope, name: string, opened: number): Promise<boolean> {
  const seasons = await seasonsOf(store, scope)
  if (currentSeason(seasons)) return false
  const number = String(seasons.length + 1).padStart(4, '0')
  return store.insertIfAbsent(seasonRecord, scope, [number], { name, opened })
}

/** @returns the season that this closed; undefined if none is running */
export async function closeSeason(store: Store, scope: Scope, at: number): Promise<Season | undefined> {
  const open = (await seasonsOf(store, scope)).find(({ closed }) => closed === undefined)
  return open && (await store.insertIfAbsent(seasonEndRecord, scope, [open.number], { at }))
    ? open
    : undefined
}
