import type { z } from 'zod'

/**
 * A kind of record. `name` is the last but stable part of every key of this kind; `version` is written with
 * each value, and `migrate[n]` turns a value of version n into one of version n + 1 on reading.
 */
export interface RecordKind<T> {
  readonly name: string
  readonly version: number
  readonly schema: z.ZodType<T>
  /**
   * How long a record lives: so many milliseconds from its last writing, or in words if whoever writes it says when it
   * ends. Until it is deleted if left out.
   */
  readonly lives?: number | string
  readonly migrate?: Readonly<Record<number, (value: unknown) => unknown>>
}

/**
 * Where a record lives: a community of a platform. Keys are built from it first, so that one community can
 * never read another's. JSON-safe.
 */
export interface Scope {
  readonly platform: string
  readonly community: string
}

export interface Entry<T> {
  readonly id: readonly string[]
  readonly value: T
}

/**
 * The port behind SQLite, Redis and PostgreSQL. Every fact that must not be lost is a record of its own under
 * its own id, written before it is acknowledged; standings are derived by reading. Ids are short lists of
 * strings, most general part first: ['contest-7', 'entry-3'].
 */
export interface Store {
  get<T>(kind: RecordKind<T>, scope: Scope, id: readonly string[]): Promise<T | undefined>
  /** @param ttlMs the record is gone after this long. */
  set<T>(kind: RecordKind<T>, scope: Scope, id: readonly string[], value: T, ttlMs?: number): Promise<void>
  /** Writes only where nothing is: true for exactly one of any number of racing callers and processes. */
  insertIfAbsent<T>(
    kind: RecordKind<T>,
    scope: Scope,
    id: readonly string[],
    value: T,
    ttlMs?: number,
  ): Promise<boolean>
  delete(kind: RecordKind<unknown>, scope: Scope, id: readonly string[]): Promise<boolean>
  /** All records of a kind whose id begins with `prefix`, in the order of their ids. */
  list<T>(kind: RecordKind<T>, scope: Scope, prefix?: readonly string[]): Promise<Entry<T>[]>
  /** Every community that has a record: for schedules, clean-up and backup. */
  scopes(): Promise<Scope[]>
  /** Deletes everything of a community, also of kinds that are no longer known. Returns how many records went. */
  deleteScope(scope: Scope): Promise<number>
  /** Deletes what is past its time, which nobody can read any more; it may read the whole store. */
  sweep(): Promise<void>
  close(): Promise<void>
}
