import { randomUUID } from 'node:crypto'
import type { Text } from '../language.ts'
import type { RecordKind, Scope, Store } from '../store/store.ts'

/** A record that says something about a person. */
export interface Finding {
  readonly id: readonly string[]
  readonly value: unknown
  /** Deletes it or, if others need the rest, takes the person out of it. */
  forget(): Promise<void>
}

/** A kind of record with people in it. */
export interface Personal {
  readonly kind: string
  /** What it is, in words that fit before a number: "answers to /guess". */
  readonly what: Text
  find(store: Store, scope: Scope, person: string): Promise<Finding[]>
}

/** Of a record that names its person: whether it is theirs. */
export const isTheirs = (value: { readonly person: string }, person: string): boolean =>
  value.person === person

/**
 * A command's records of one kind.
 * @param isAbout whether a record is about the person
 * @param without the record without the person, if it is not only theirs; deleted if this is absent
 */
export function personal<T>(
  kind: RecordKind<T>,
  what: Text,
  isAbout: (value: T, person: string, scope: Scope) => boolean,
  without?: (value: T, person: string) => T,
): Personal {
  return {
    kind: kind.name,
    what,
    async find(store, scope, person) {
      const entries = await store.list(kind, scope)
      return entries
        .filter(({ value }) => isAbout(value, person, scope))
        .map(({ id, value }) => ({
          id,
          value,
          async forget() {
            // Some ids hold the person too.
            const nameless = id.map((part) => (part === person ? `nobody-${randomUUID()}` : part))
            if (without) await store.set(kind, scope, nameless, without(value, person))
            if (!without || id.includes(person)) await store.delete(kind, scope, id)
          },
        }))
    },
  }
}
