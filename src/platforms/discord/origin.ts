import {
  AttachmentFlags,
  PermissionFlagsBits,
  type BaseInteraction,
  type Channel,
  type Message,
} from 'discord.js'
import type { PictureSource } from '../../chat/options.ts'
import { download } from '../../chat/download.ts'
import type { Key } from '../../language.ts'
import type { Origin } from '../../chat/context.ts'
import type { MessageRef, Place } from '../../chat/place.ts'

/** Hosts of the files that people post. */
export const fileOrigins = ['https://cdn.discordapp.com', 'https://media.discordapp.net'] as const

/** A server is a community; a direct or group message is one of its own. */
export function placeOf({
  channelId,
  guildId,
}: Pick<BaseInteraction | Message, 'channelId' | 'guildId'>): Place {
  const channel = channelId ?? ''
  return { platform: 'discord', community: guildId ?? `dm-${channel}`, channel }
}

export function originOf(interaction: BaseInteraction, signal: AbortSignal): Origin {
  const { user, member, memberPermissions, guildId, locale, channel } = interaction
  const nick = member && ('displayName' in member ? member.displayName : member.nick)
  return {
    platform: 'discord',
    place: placeOf(interaction),
    ...parentOf(channel),
    person: {
      id: user.id,
      name: nick ?? user.displayName,
      // In a direct message everybody is their own moderator.
      moderator: guildId === null || (memberPermissions?.has(PermissionFlagsBits.ManageGuild) ?? false),
    },
    locale,
    // In a direct message the person is the community.
    communityLocale: interaction.guildLocale ?? locale,
    theme: 'dark',
    signal,
  }
}

export function messageOrigin(message: Message, signal: AbortSignal): Origin {
  const { author, member, guild, channel } = message
  const locale = guild?.preferredLocale ?? 'en'
  return {
    platform: 'discord',
    place: placeOf(message),
    ...parentOf(channel),
    person: {
      id: author.id,
      name: member?.displayName ?? author.displayName,
      moderator: guild === null || (member?.permissions.has(PermissionFlagsBits.ManageGuild) ?? false),
    },
    // Discord doesn't say that about whoever writes a message.
    locale,
    communityLocale: locale,
    theme: 'dark',
    signal,
  }
}

/** The parent of a thread or a forum post. */
const parentOf = (channel: Channel | null): Pick<Origin, 'parentChannel'> =>
  channel?.isThread() && channel.parentId ? { parentChannel: channel.parentId } : {}

export const messageRef = (place: Place, message: { id: string; channelId: string }): MessageRef => ({
  ...place,
  channel: message.channelId,
  message: message.id,
})

interface Attached {
  readonly name: string | null
  readonly flags: { has(flag: AttachmentFlags): boolean }
  readonly url: string
}

/** Links expire: they are fetched while the interaction is fresh, and never stored. */
export const pictureSource = (file: Attached, origins: readonly string[]): PictureSource => ({
  name: file.name ?? 'picture',
  spoiler: file.flags.has(AttachmentFlags.IsSpoiler) || (file.name?.startsWith('SPOILER_') ?? false),
  read: (signal) => download(file.url, { origins, ...(signal ? { signal } : {}) }),
})

/**
 * The pictures of a message, of what it forwards, and of the message that it replies to if the payload has that; and what
 * to say if there is none. A file whose type Discord does not state is included: its bytes will tell.
 */
export function picturesOf(
  message: Message,
  origins: readonly string[],
): { readonly pictures: PictureSource[]; readonly none: Key } {
  const repliedTo = message.reference?.messageId
    ? message.channel.messages.cache.get(message.reference.messageId)
    : undefined
  const holders = [message, ...message.messageSnapshots.values(), ...(repliedTo ? [repliedTo] : [])]
  const pictures = holders
    .flatMap((holder) => Array.from(holder.attachments.values()))
    .filter(({ contentType }) => contentType?.startsWith('image/') ?? true)
    .map((file) => pictureSource(file, origins))
  return { pictures, none: insteadOfPictures(holders) }
}

function insteadOfPictures(holders: readonly Pick<Message, 'stickers' | 'embeds'>[]): Key {
  if (holders.some(({ stickers }) => stickers.size > 0)) return 'platform.discord.sticker'
  if (holders.some(({ embeds }) => embeds.some(({ image, thumbnail }) => image ?? thumbnail)))
    return 'platform.elsewhere'
  return 'errors.noPicture'
}
