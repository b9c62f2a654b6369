import { PermissionFlagsBits, type BaseInteraction, type Message } from 'discord.js'
import type { PictureSource } from '../../chat/options.ts'
import { download } from '../../chat/download.ts'
import type { Origin } from '../../chat/dispatch.ts'
import type { MessageRef, Place } from '../../chat/context.ts'

/** Where Discord keeps what people post. */
export const fileOrigins = ['https://cdn.discordapp.com', 'https://media.discordapp.net'] as const

/** A server is a community; a direct or group message is one of its own. */
export function placeOf(interaction: BaseInteraction): Place {
  const channel = interaction.channelId ?? ''
  return { platform: 'discord', community: interaction.guildId ?? `dm-${channel}`, channel }
}

export function originOf(interaction: BaseInteraction, signal: AbortSignal): Origin {
  const { user, member, memberPermissions, guildId } = interaction
  const nick = member && 'displayName' in member ? member.displayName : undefined
  return {
    platform: 'discord',
    place: placeOf(interaction),
    person: {
      id: user.id,
      name: nick ?? user.displayName,
      // In a direct message everybody decides for themselves.
      moderator: guildId === null || (memberPermissions?.has(PermissionFlagsBits.ManageGuild) ?? false),
    },
    locale: interaction.locale,
    theme: 'dark',
    signal,
  }
}

export const messageRef = (place: Place, message: { id: string; channelId: string }): MessageRef => ({
  ...place,
  channel: message.channelId,
  message: message.id,
})

interface Attached {
  readonly name: string | null
  readonly url: string
}

/** Links expire: they are fetched while the interaction is fresh, and never stored. */
export const pictureSource = (file: Attached, origins: readonly string[]): PictureSource => ({
  name: file.name ?? 'picture',
  read: (signal) => download(file.url, { origins, ...(signal ? { signal } : {}) }),
})

/** The pictures of a message, of what it forwards, and of the message it replies to where the payload carried that. */
export function picturesOf(message: Message, origins: readonly string[]): PictureSource[] {
  const repliedTo = message.reference?.messageId
    ? message.channel.messages.cache.get(message.reference.messageId)
    : undefined
  const holders = [message, ...message.messageSnapshots.values(), ...(repliedTo ? [repliedTo] : [])]
  return holders
    .flatMap((holder) => Array.from(holder.attachments.values()))
    .filter((file) => file.contentType?.startsWith('image/') ?? false)
    .map((file) => pictureSource(file, origins))
}
