import { z } from 'zod'
import type { RecordKind, Store } from '../store/store.ts'
import type { Place } from './context.ts'

/** What a community's moderators decide, with what holds until they do. */
const schema = z.object({
  /** Channels in which the bot plays; empty: in all. */
  channels: z.array(z.string()).default([]),
  /** Units and labels of the kinds that product.md names may be shown. */
  sensitive: z.boolean().default(false),
  /** Written words are checked against the list of profanity. */
  profanity: z.boolean().default(true),
})

export type CommunitySettings = z.infer<typeof schema>

export const communitySettings = {
  name: 'settings',
  version: 1,
  schema,
} satisfies RecordKind<CommunitySettings>

/** The settings of a community; their defaults where nobody has changed them. */
export async function settingsOf(store: Store, place: Omit<Place, 'channel'>): Promise<CommunitySettings> {
  return (await store.get(communitySettings, place, [])) ?? schema.parse({})
}
