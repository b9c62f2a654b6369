import { z } from 'zod'
import { UserError } from '../../errors.ts'
import type { Finding } from '../../chat/personal.ts'
import { settingsOf } from '../../chat/community.ts'
import { botName, inventedName } from '../../chat/person-name.ts'
import { isProfane } from '../../neurons/profanity.ts'
import { withoutDamaged } from '../../store/records.ts'
import type { RecordKind, Store } from '../../store/store.ts'
import { readable, resembles } from '../../text.ts'
import { scope } from './message.ts'
import type { PagePerson } from './page.ts'

const schema = z.object({ name: z.string(), moderator: z.boolean() })
export const personKind = {
  name: 'playground-person',
  version: 1,
  schema,
} satisfies RecordKind<z.infer<typeof schema>>

export const ownerKind = {
  name: 'playground-owner',
  version: 1,
  schema: z.object({ person: z.string() }),
} satisfies RecordKind<{ person: string }>

const maxNameLength = 32

/** @throws UserError for a rude name if the playground keeps rude words out */
export async function mustBePoliteName(store: Store, name: string): Promise<void> {
  if (isProfane(name) && (await settingsOf(store, scope)).profanity)
    throw new UserError('bad-option', 'platform.playground.rudeName')
}

/** Whose browser is whose: names, and who owns the playground. The ids come from `Sessions`. */
export class People {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async byId(id: string): Promise<PagePerson> {
    const stored = await this.#store.get(personKind, scope, [id]).catch(withoutDamaged)
    const owner = await this.#store.get(ownerKind, scope, [id]).catch(withoutDamaged)
    const mayModerate = owner !== undefined
    return {
      id,
      name: stored?.name ?? inventedName(id),
      moderator: mayModerate && (stored?.moderator ?? false),
      mayModerate,
    }
  }

  /** @throws UserError for an empty or long name, or if the person may not be a moderator. */
  async change(person: PagePerson, change: { name?: string; moderator?: boolean }): Promise<PagePerson> {
    const name = change.name === undefined ? person.name : readable(change.name)
    if (name === '' || name.length > maxNameLength)
      throw new UserError('bad-option', 'platform.playground.nameLength', { values: { most: maxNameLength } })
    if (name !== person.name && resembles(name, botName))
      throw new UserError('bad-option', 'platform.playground.botName')
    if (name !== person.name) await mustBePoliteName(this.#store, name)
    if (change.moderator && !person.mayModerate)
      throw new UserError('not-allowed', 'platform.playground.onlyOwner')
    const moderator = change.moderator ?? person.moderator
    await this.#store.set(personKind, scope, [person.id], { name, moderator })
    return { ...person, name, moderator }
  }

  /** The choices of a person that are kept. */
  async chosenBy(person: string): Promise<Finding[]> {
    const value = await this.#store.get(personKind, scope, [person])
    const forget = async () => void (await this.#store.delete(personKind, scope, [person]))
    return value ? [{ id: [person], value, forget }] : []
  }

  /** Makes a person an owner: they opened the link that only the owner has. */
  async own(person: string): Promise<void> {
    await this.#store.set(ownerKind, scope, [person], { person })
  }

  async owners(): Promise<string[]> {
    return (await this.#store.list(ownerKind, scope)).map(({ id }) => id[0]!)
  }

  /** Records that a person is an owner, or opened the playground first, which made them the owner up to release 0.1. */
  async ownedBy(person: string): Promise<Finding[]> {
    const owners = await this.#store.list(ownerKind, scope)
    return owners
      .filter(({ value }) => value.person === person)
      .map(({ id, value }) => ({
        id,
        value,
        forget: async () => void (await this.#store.delete(ownerKind, scope, id)),
      }))
  }
}
