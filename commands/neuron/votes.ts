import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type CommunitySettings, settingsOf } from '../../src/chat/community.ts'
import type { ActionContext, Context } from '../../src/chat/context.ts'
import { UserError } from '../../src/errors.ts'
import { isProfane } from '../../src/neurons/profanity.ts'
import { isSensitive } from '../../src/neurons/sensitive.ts'
import type { RecordKind, Scope, Store } from '../../src/store/store.ts'

export const longestName = 40

const schema = z.object({
  person: z.string(),
  /** What they call the unit. */
  name: z.string(),
  /** In ms since 1970. */
  at: z.int(),
})

export type NameVote = z.infer<typeof schema>

/** What one person calls a unit, under [unit, person]: voting again changes the vote. */
export const nameVote = { name: 'unit-name-vote', version: 1, schema } satisfies RecordKind<NameVote>

export interface Votes {
  readonly name: string
  readonly votes: number
}

/** A name that people of a community give a unit. */
export interface Suggestion extends Votes {
  /** Short enough for a button's id. */
  readonly key: string
}

/** Whether a label, word or name may be shown in a community. */
export const isFit = (settings: CommunitySettings, text: string): boolean =>
  settings.sensitive ? !(settings.profanity && isProfane(text)) : !isSensitive(text)

/** Names that differ only in case and blanks are one. */
const folded = (name: string): string => name.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()

const keyOf = (name: string): string => createHash('sha256').update(folded(name)).digest('hex').slice(0, 10)

/** The names given to a unit, most votes first; spelt as the first person spelt it. */
export async function suggestionsOf(
  store: Store,
  scope: Scope,
  settings: CommunitySettings,
  unit: number,
): Promise<Suggestion[]> {
  const votes = (await store.list(nameVote, scope, [String(unit)]))
    .map(({ value }) => value)
    .filter(({ name }) => isFit(settings, name))
    .sort((a, b) => a.at - b.at)
  const keys = votes.map(({ name }) => keyOf(name))
  return [...new Set(keys)]
    .map((key) => ({
      key,
      name: votes[keys.indexOf(key)]!.name,
      votes: keys.filter((other) => other === key).length,
    }))
    .sort((a, b) => b.votes - a.votes)
}

/** Writes what this person calls the unit. @throws UserError 'bad-option' for a name that may not be shown here. */
export async function suggest(context: Context, unit: number, typed: string): Promise<string> {
  const { store, catalogue, now } = context.services
  const name = typed.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  if (!/[\p{L}\p{N}]/u.test(name)) throw new UserError('bad-option', 'neuron.rename.noLetters')
  if (!isFit(await settingsOf(store, context.place), name))
    throw new UserError('bad-option', 'neuron.rename.unfit')
  const named = catalogue.unit(unit)
  if (named && folded(named.name) === folded(name))
    throw new UserError('bad-option', 'neuron.rename.same', { values: { name } })
  const vote: NameVote = { person: context.person.id, name, at: now().getTime() }
  await store.set(nameVote, context.place, [String(unit), context.person.id], vote)
  return name
}

/** The same for a name that somebody gave the unit earlier. */
export async function voteFor(context: ActionContext, unit: number, key: string): Promise<string> {
  const { store } = context.services
  const settings = await settingsOf(store, context.place)
  const found = (await suggestionsOf(store, context.place, settings, unit)).find((each) => each.key === key)
  if (!found) throw new UserError('closed', 'neuron.rename.gone')
  return suggest(context, unit, found.name)
}
