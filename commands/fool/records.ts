import { z } from 'zod'
import type { RecordKind } from '../../src/store/store.ts'

/** Ids of everything below begin with the channel and the contest's number in it: see `idOf` of contest.ts. */

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)
const provider = z.enum(['cpu', 'cuda', 'webgpu', 'server'])
const place = z.object({
  platform: z.enum(['discord', 'slack', 'playground', 'terminal']),
  community: z.string(),
  channel: z.string(),
})
const person = z.object({ id: z.string(), name: z.string() })
/** In shares of the picture, 0 to 1. */
const box = z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() })

const contest = z.object({
  place,
  /** Counts the contests of a channel, from 1. */
  number: z.int().positive(),
  opener: person,
  /** In ms since 1970. */
  opened: z.number(),
  /** Unless it is extended. */
  ends: z.number(),
  target: z.string(),
  /** Including the target. */
  labels: z.array(z.string()).min(2),
  /** What kind of labels these are: see `againstInWords`. */
  against: z.string(),
  inkLimit: z.number().exactOptional(),
  /** The id of its picture's record. */
  picture: z.string(),
  /** What the picture shows, for those who cannot see it; absent if it is a person's own, and nobody said. */
  alt: z.string().exactOptional(),
  /** Who made the picture, if it ships with the project. */
  credit: z.string().exactOptional(),
  /** On the clean picture, in the order of the labels. */
  clean: z.array(z.number()),
  model: z.string(),
  provider,
})
export type Contest = z.infer<typeof contest>

const judged = {
  fools: z.boolean(),
  shortfall: z
    .enum(['already-target', 'not-target', 'only-as-posted', 'target-without-writing'])
    .exactOptional(),
  /** The target's; for an edited picture, the lower of its two scores. */
  probability: z.number(),
}

const entry = z.object({
  person: z.string(),
  name: z.string(),
  how: z.enum(['written', 'edited', 'photographed']),
  /** When it arrived, in ms since 1970. */
  at: z.number(),
  verdict: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('edited'), ...judged, ink: z.number() }),
    z.object({ kind: z.literal('photograph'), ...judged }),
  ]),
  /** As posted, in the order of the contest's labels. */
  scores: z.array(z.number()),
  /** Where the writing is. */
  writing: z.array(box),
  /** The target's with the writing mirrored, and with it blurred out. */
  mirrored: z.number(),
  blurred: z.number(),
  /** The units that it switched on most, in sigma above the clean picture; names that are kept back are left out later. */
  on: z.array(z.object({ unit: z.int(), change: z.number() })),
  provider,
})
export type ContestEntry = z.infer<typeof entry>

/** Version 1, which entries of both shapes have: until 23 November 2026 the verdict was beside the rest. */
interface FormerEntry {
  readonly class: 'edit' | 'photograph'
  readonly fools: boolean
  readonly probability: number
  readonly ink?: number
}

function withVerdict(value: unknown): unknown {
  const former = value as FormerEntry | ContestEntry
  if ('verdict' in former) return former
  const { class: kind, ink = 0, fools, probability, ...rest } = former
  const judgement = { fools, probability }
  const verdict = kind === 'edit' ? { kind: 'edited', ...judgement, ink } : { kind, ...judgement }
  return { ...rest, verdict }
}

function withVerdicts(value: unknown): unknown {
  const { edits, photographs, ...rest } = value as Record<'edits' | 'photographs', { entry: unknown }[]>
  return { ...rest, edits: edits.map(entryWithVerdict), photographs: photographs.map(entryWithVerdict) }
}

const entryWithVerdict = (one: { entry: unknown }) => ({ ...one, entry: withVerdict(one.entry) })

const picture = z.object({
  bytes,
  mimeType: z.literal('image/jpeg'),
  /** Who posted it, so that /privacy finds it. */
  person: z.string(),
  /** It, or the picture it was written on, was posted behind a spoiler, and so is whatever shows it. */
  spoiler: z.boolean(),
})
export type KeptPicture = z.infer<typeof picture>

/** What was stored before fits as it is: back then no model server was named, and every contest's picture had an alt text. */
const asItIs = (value: unknown): unknown => value

const ranked = z.object({ place: z.int(), id: z.string(), points: z.number(), entry })

const result = z.object({
  ended: z.number(),
  /** Who ended it; nobody if its time was up. */
  by: person.exactOptional(),
  edits: z.array(ranked),
  photographs: z.array(ranked),
})
export type ContestResult = z.infer<typeof result>
export type RankedEntry = z.infer<typeof ranked>

export const contests = {
  name: 'fool-contest',
  version: 3,
  schema: contest,
  migrate: { 1: asItIs, 2: asItIs },
} satisfies RecordKind<Contest>

/** Contests that are not finished: the minute's tick looks through these. */
export const openContests = {
  name: 'fool-open',
  version: 1,
  schema: z.object({ opened: z.number() }),
} satisfies RecordKind<{ opened: number }>

export const extensions = {
  name: 'fool-extension',
  version: 1,
  schema: z.object({ at: z.number(), ends: z.number(), by: z.string() }),
} satisfies RecordKind<{ at: number; ends: number; by: string }>

export const entries = {
  name: 'fool-entry',
  version: 3,
  schema: entry,
  migrate: { 1: withVerdict, 2: asItIs },
} satisfies RecordKind<ContestEntry>

/** How long a draft may wait to be entered. */
export const draftMs = 24 * 60 * 60_000

/** Measured and shown to its author, not yet entered. */
export const drafts = {
  name: 'fool-draft',
  version: 3,
  lives: draftMs,
  schema: entry,
  migrate: { 1: withVerdict, 2: asItIs },
} satisfies RecordKind<ContestEntry>

/** How a draft was written: the options that were given, so that the same can be written in another place. */
export const wordings = {
  name: 'fool-wording',
  version: 1,
  lives: draftMs,
  schema: z.object({ person: z.string(), given: z.record(z.string(), z.union([z.string(), z.number()])) }),
} satisfies RecordKind<{ person: string; given: Record<string, string | number> }>

/** The contest's picture under the id that the contest names, entries' and drafts' under their own. */
export const pictures = {
  name: 'fool-picture',
  version: 2,
  lives: "a day if it is a draft's, else until a week after the contest's end",
  schema: picture,
  migrate: { 1: (value) => ({ ...(value as object), spoiler: false }) },
} satisfies RecordKind<KeptPicture>

/** That a contest is over: the first to write it ends it. */
export const endings = {
  name: 'fool-ending',
  version: 1,
  schema: z.object({ at: z.number(), by: person.exactOptional() }),
} satisfies RecordKind<{ at: number; by?: { id: string; name: string } }>

export const results = {
  name: 'fool-result',
  version: 3,
  schema: result,
  migrate: { 1: withVerdicts, 2: asItIs },
} satisfies RecordKind<ContestResult>
