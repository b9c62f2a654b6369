import { randomUUID } from 'node:crypto'
import type { Personal } from '../../src/chat/personal.ts'
import type { RecordKind, Scope } from '../../src/store/store.ts'

/**
 * @param isAbout whether a record is about the person
 * @param without the record without the person, where it is not theirs alone; deleted where this is absent
 */
export function personal<T>(
  kind: RecordKind<T>,
  what: string,
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
