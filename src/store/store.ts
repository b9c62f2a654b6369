import type { z } from 'zod'

/**
 * A kind of record. `name` is part of every key of this kind and must never change; `version` is written with each value,
 * and `migrate[n]` turns a value of version n into one of version n + 1 on reading.
 */
export interface RecordKind<T> {
  readonly name: string
  readonly version: number
  readonly schema: z.ZodType<T>
  /**
   * How long a record lives: milliseconds from its last write, or in words if each write says when it ends. If left out,
   * until it is deleted.
   */
  readonly lives?: number | string
  readonly migrate?: Readonly<Record<number, (value: unknown) => unknown>>
}

/**
 * Where a record belongs: a community of a platform. Keys begin with it, so that one community can never read another's.
 * JSON-safe.
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
 * The port that SQLite, Redis and PostgreSQL implement. Every fact that must not be lost is a record of its own under its
 * own id, written before it is acknowledged; standings are derived by reading. Ids are short lists of strings, the most
 * general part first: ['contest-7', 'entry-3'].
 */
export interface Store {
  get<T>(kind: RecordKind<T>, scope: Scope, id: readonly string[]): Promise<T | undefined>
  /** @param ttlMs the record expires after this long. */
  set<T>(kind: RecordKind<T>, scope: Scope, id: readonly string[], value: T, ttlMs?: number): Promise<void>
  /** Writes only if there is no such record: true for exactly one of any number of racing callers and processes. */
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
  /** Deletes all records of a community, even of kinds that are no longer known. @returns how many it deleted */
  deleteScope(scope: Scope): Promise<number>
  /** Deletes what has expired, which nobody can read any more; it may read the whole store. */
  sweep(): Promise<void>
  close(): Promise<void>
}
