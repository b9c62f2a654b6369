import { z } from 'zod'
import type { Place } from '../../src/chat/place.ts'
import type { RecordKind, Store } from '../../src/store/store.ts'
import { idOf } from '../contest/contest.ts'

const person = z.object({ id: z.string(), name: z.string() })

const hunt = z.object({
  unit: z.int(),
  /** Nobody once they had their data deleted. */
  opener: person.exactOptional(),
  /** In ms since 1970. */
  opened: z.int(),
  /** Unless it is ended before. */
  ends: z.int(),
})
export type HuntRecord = z.infer<typeof hunt>

/** A hunt, under [channel, number]. */
export const huntRecord = { name: 'hunt', version: 1, schema: hunt } satisfies RecordKind<HuntRecord>

const entry = z.object({
  player: z.string(),
  name: z.string(),
  at: z.int(),
  /** In sigma from zero: as `Fired` of the rules. */
  fired: z.object({ asPosted: z.number(), mirrored: z.number() }),
})
export type HuntEntryRecord = z.infer<typeof entry>

/** Version 1, which entries of both shapes have: until 23 November 2026 only pictures with writing were mirrored. */
function withMirrored(value: unknown): unknown {
  const { fired, ...rest } = value as {
    fired: { asPosted: number; mirrored?: number; writing?: { mirrored: number } }
  }
  const { asPosted, mirrored = fired.writing?.mirrored ?? asPosted } = fired
  return { ...rest, fired: { asPosted, mirrored } }
}

/** An entry, under [channel, number, entry]. */
export const huntEntry = {
  name: 'hunt-entry',
  version: 2,
  schema: entry,
  migrate: { 1: withMirrored },
} satisfies RecordKind<HuntEntryRecord>

/** Its picture, small, under the same id; gone some weeks after the hunt. */
export const huntPicture = {
  name: 'hunt-picture',
  version: 2,
  lives: 'until 30 days after the end of its hunt',
  schema: z.object({
    person: z.string(),
    jpeg: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
    /** It was posted behind a spoiler, and so is the board that shows it. */
    spoiler: z.boolean(),
  }),
  migrate: { 1: (value) => ({ ...(value as object), spoiler: false }) },
} satisfies RecordKind<{ person: string; jpeg: Uint8Array; spoiler: boolean }>

/** That a hunt is over, under [channel, number]: the first to write it ends it. */
export const huntEnd = {
  name: 'hunt-end',
  version: 1,
  schema: z.object({ at: z.int() }),
} satisfies RecordKind<{ at: number }>

/** That its points are given and its end is announced. */
export const huntDone = {
  name: 'hunt-done',
  version: 1,
  schema: z.object({ at: z.int() }),
} satisfies RecordKind<{ at: number }>

export interface Hunt extends HuntRecord {
  readonly place: Place
  readonly number: number
  /** In ms since 1970; undefined while it is running. */
  readonly ended: number | undefined
}

/** The channel's last hunt. @param now in ms since 1970 */
export async function lastHunt(store: Store, place: Place, now: number): Promise<Hunt | undefined> {
  const last = (await store.list(huntRecord, place, [place.channel])).at(-1)
  return last && asHunt(store, place, Number(last.id[1]), last.value, now)
}

export async function asHunt(
  store: Store,
  place: Place,
  number: number,
  record: HuntRecord,
  now: number,
): Promise<Hunt> {
  const end = await store.get(huntEnd, place, idOf({ place, number }))
  return { ...record, place, number, ended: end?.at ?? (now >= record.ends ? record.ends : undefined) }
}
