import type { Scope, Store } from '../store/store.ts'

/** A record that says something about a person. */
export interface Finding {
  readonly id: readonly string[]
  readonly value: unknown
  /** Deletes it, or where others need the rest takes the person out of it. */
  forget(): Promise<void>
}

/** A kind of record in which persons stand. */
export interface Personal {
  readonly kind: string
  /** What it is, in words that fit before a number: "answers to /guess". */
  readonly what: string
  find(store: Store, scope: Scope, person: string): Promise<Finding[]>
}
