import { z } from 'zod'
import { UserError } from '../errors.ts'
import { languageOf, type Language } from '../language.ts'
import type { RecordKind, Scope, Store } from '../store/store.ts'
import type { Context } from './context.ts'
import { channelName } from './markup.ts'

const values = {
  /** Units and labels of sensitive kinds (`src/neurons/sensitive.ts`) may be shown. */
  sensitive: z.boolean(),
  /** Written words are checked against the list of profanity. */
  profanity: z.boolean(),
  /** Seconds that a person waits between two commands, on top of the bot's own cooldown. */
  cooldown: z.int().min(0).max(3600),
  /** What the bot speaks with all of them; absent until the moderators choose. */
  language: z.string().exactOptional(),
  /** What the platform said about the community's locale, for what is posted unasked; BCP 47. */
  locale: z.string().exactOptional(),
}
type Values = z.infer<z.ZodObject<typeof values>>
/** All but the channels. */
export type Setting = keyof Values

const untilChanged: Values = { sensitive: false, profanity: true, cooldown: 0 }

/** What a community's moderators decide, with what holds until they do. */
export interface CommunitySettings extends Readonly<Values> {
  /** Channels in which the bot plays; empty: in all. */
  readonly channels: readonly string[]
}

/** Each setting is a record of its own, so that two moderators at once undo nothing of each other's. */
export const setting = {
  name: 'setting',
  version: 1,
  schema: z.object({ name: z.string(), value: z.unknown() }),
} satisfies RecordKind<{ name: string; value: unknown }>

export const playChannel = {
  name: 'setting-channel',
  version: 1,
  schema: z.object({ channel: z.string() }),
} satisfies RecordKind<{ channel: string }>

/** The settings of a community; their defaults if nobody has changed them. */
export async function settingsOf(store: Store, scope: Scope): Promise<CommunitySettings> {
  const [changed, channels] = await Promise.all([store.list(setting, scope), store.list(playChannel, scope)])
  const theirs = Object.fromEntries(changed.map(({ value: { name, value } }) => [name, value]))
  const known = z.object(values).parse({ ...untilChanged, ...theirs })
  return { ...known, channels: channels.map(({ value }) => value.channel) }
}

/** The language of what a community sees: its moderators' choice, or that of its locale if the platform gives one. */
export const communityLanguage = (
  settings: Pick<CommunitySettings, 'language' | 'locale'>,
  locale = settings.locale ?? 'en',
): Language => languageOf(settings.language ?? locale)

/**
 * Keeps what the platform says about the community's locale: the first it gives, then what it gives with moderators.
 * On a playground that is the browser of whoever plays, and a visitor must not change what everybody reads.
 */
export async function rememberLocale(
  store: Store,
  settings: CommunitySettings,
  { place, person, communityLocale: locale }: Pick<Context, 'place' | 'person' | 'communityLocale'>,
): Promise<void> {
  if (locale === undefined || locale === settings.locale) return
  if (settings.locale === undefined || person.moderator) await changeSetting(store, place, 'locale', locale)
}

export async function changeSetting<Name extends Setting>(
  store: Store,
  scope: Scope,
  name: Name,
  value: NonNullable<CommunitySettings[Name]>,
): Promise<void> {
  await store.set(setting, scope, [name], { name, value })
}

/** Lets the bot play in a channel, or no longer. */
export async function allowChannel(
  store: Store,
  scope: Scope,
  channel: string,
  allowed: boolean,
): Promise<void> {
  if (allowed) await store.set(playChannel, scope, [channel], { channel })
  else await store.delete(playChannel, scope, [channel])
}

/** Commands that no setting keeps a person from. */
const everywhere = new Set(['help', 'privacy', 'settings'])

/** @throws UserError 'not-allowed' if the moderators chose other channels for this command. */
export function mustPlayHere(
  { channels }: CommunitySettings,
  { place, parentChannel = place.channel }: Pick<Context, 'place' | 'parentChannel'>,
  command: string,
): void {
  if (channels.length === 0 || everywhere.has(command)) return
  if (channels.includes(place.channel) || channels.includes(parentChannel)) return
  throw new UserError('not-allowed', 'chat.otherChannels', {
    values: { channels: channels.map(channelName).join(', ') },
  })
}
