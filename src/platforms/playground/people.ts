import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { UserError } from '../../errors.ts'
import type { Finding } from '../../chat/personal.ts'
import type { RecordKind, Store } from '../../store/store.ts'
import { scope } from './message.ts'
import type { PagePerson } from './page.ts'

const schema = z.object({ name: z.string(), moderator: z.boolean() })
const personKind = {
  name: 'playground-person',
  version: 1,
  schema,
} satisfies RecordKind<z.infer<typeof schema>>

const ownerKind = {
  name: 'playground-owner',
  version: 1,
  schema: z.object({ person: z.string() }),
} satisfies RecordKind<{ person: string }>

const maxNameLength = 32

const adjectives =
  'Amber Brave Breezy Bright Calm Clever Cosmic Curious Dapper Electric Gentle Golden Happy Jolly Lucky Mellow Merry Nimble Quiet Rosy Silver Sunny Velvet Witty'.split(
    ' ',
  )
const animals =
  'Axolotl Badger Beaver Crane Dolphin Falcon Fox Gecko Heron Ibis Koala Lemur Lynx Marten Narwhal Octopus Otter Owl Panda Puffin Robin Seal Tapir Wombat'.split(
    ' ',
  )

/** Every browser is a person: a secret in its cookie, from which the public id follows. */
export class People {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  static newSecret(): string {
    return randomBytes(32).toString('base64url')
  }

  /** @param local the browser runs on the same machine as the playground. */
  async bySecret(secret: string, local: boolean): Promise<PagePerson> {
    const digest = createHash('sha256').update(secret).digest()
    const id = digest.toString('hex').slice(0, 16)
    const stored = await this.#store.get(personKind, scope, [id])
    const name = `${pick(adjectives, digest[30]!)} ${pick(animals, digest[31]!)}`
    const mayModerate = local || (await this.#owner(id)) === id
    return {
      id,
      name: stored?.name ?? name,
      moderator: mayModerate && (stored?.moderator ?? false),
      mayModerate,
    }
  }

  /** @throws UserError for an empty or long name, or where the person may not be a moderator. */
  async change(person: PagePerson, change: { name?: string; moderator?: boolean }): Promise<PagePerson> {
    const name = change.name?.trim().replace(/\s+/g, ' ') ?? person.name
    if (name === '' || name.length > maxNameLength)
      throw new UserError('bad-option', `A name has 1 to ${maxNameLength} characters.`)
    if (change.moderator && !person.mayModerate)
      throw new UserError(
        'not-allowed',
        'Only browsers on the machine of this playground, and the first one that opened it, can moderate.',
      )
    const moderator = change.moderator ?? person.moderator
    await this.#store.set(personKind, scope, [person.id], { name, moderator })
    return { ...person, name, moderator }
  }

  /** What is kept of what a person chose. */
  async chosenBy(person: string): Promise<Finding[]> {
    const value = await this.#store.get(personKind, scope, [person])
    const forget = async () => void (await this.#store.delete(personKind, scope, [person]))
    return value ? [{ id: [person], value, forget }] : []
  }

  /** That a person is the owner. Once that is forgotten nobody is: not whoever comes next. */
  async ownedBy(person: string): Promise<Finding[]> {
    const id = ['owner']
    const value = await this.#store.get(ownerKind, scope, id)
    const forget = () => this.#store.set(ownerKind, scope, id, { person: '' })
    return value?.person === person ? [{ id, value, forget }] : []
  }

  /** Who opened the playground first: in a container even the owner's browser comes from another address. */
  async #owner(candidate: string): Promise<string | undefined> {
    await this.#store.insertIfAbsent(ownerKind, scope, ['owner'], { person: candidate })
    return (await this.#store.get(ownerKind, scope, ['owner']))?.person
  }
}

const pick = (words: readonly string[], seed: number): string => words[seed % words.length]!
