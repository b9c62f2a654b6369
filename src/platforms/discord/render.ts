import {
  type APIAllowedMentions,
  type APIComponentInContainer,
  ButtonStyle,
  channelMention,
  ComponentType,
  escapeMarkdown,
  MessageFlags,
  type APIMessageTopLevelComponent,
  time,
  TimestampStyles,
} from 'discord.js'
import { spans } from '../../chat/markup.ts'
import type { Button, Element, Picture, Progress, Reply } from '../../chat/reply.ts'
import { barLines, blocks, chunks, shortened, tableLines } from '../text-art.ts'
import { limits } from './limits.ts'

export interface DiscordFile {
  readonly name: string
  readonly attachment: Buffer
  /** Alt text. */
  readonly description: string
}

/** A message as discord.js sends it. */
export interface DiscordMessage {
  readonly flags: MessageFlags.IsComponentsV2
  readonly components: APIMessageTopLevelComponent[]
  readonly files: DiscordFile[]
  /** Drops the files of the message that is being edited. */
  readonly attachments: never[]
  readonly allowedMentions: APIAllowedMentions
}

/** The colour of the card's edge: the yellow of the yellow neuron. */
const accentColour = 0xf2b705
const progressColumns = 24

/** A reply as one card of Discord's Components v2. Pure. */
export function renderReply(reply: Reply): DiscordMessage {
  const files: DiscordFile[] = []
  const parts = reply.elements.flatMap((element) => renderElement(element, files))
  const role = /^\d+$/.exec(reply.pingRole ?? '')?.[0]
  if (role) parts.unshift(textDisplay(`<@&${role}>`))
  return {
    flags: MessageFlags.IsComponentsV2,
    components: [
      { type: ComponentType.Container, accent_color: accentColour, components: withinLimits(parts) },
    ],
    files: files.slice(0, limits.filesPerMessage),
    attachments: [],
    allowedMentions: { parse: [], ...(role ? { roles: [role] } : {}) },
  }
}

export function renderProgress({ text, fraction, picture }: Progress): DiscordMessage {
  const bar =
    fraction === undefined ? '' : `\n\`${blocks(fraction, progressColumns)}\` ${Math.round(fraction * 100)} %`
  const elements: Element[] = picture ? [{ kind: 'picture', picture }] : []
  const message = renderReply({ elements })
  const container = {
    type: ComponentType.Container as const,
    components: [textDisplay(`${asTyped(text)}${bar}`)],
  }
  return { ...message, components: picture ? [container, ...message.components] : [container] }
}

/** Escapes everything that Discord would take for Markdown; discord.js's own escaping misses small print and quotes. */
const asTyped = (words: string): string =>
  escapeMarkdown(words, { heading: true, bulletedList: true, numberedList: true, maskedLink: true }).replace(
    /^(\s*)(-#|>)/gm,
    '$1\\$2',
  )

/** A reply's markup as Discord's Markdown; what a person wrote shows as it was typed. */
const discordMarkdown = (text: string): string =>
  spans(text)
    .map(({ text: words, style, channel, at }) => {
      if (channel) return channelMention(channel)
      if (at !== undefined) return time(Math.floor(at / 1000), TimestampStyles.ShortDateTime)
      if (style === 'code') return `\`${words.replaceAll('`', "'")}\``
      const escaped = asTyped(words)
      return style === 'bold' ? `**${escaped}**` : style === 'italic' ? `_${escaped}_` : escaped
    })
    .join('')

function renderElement(element: Element, files: DiscordFile[]): APIComponentInContainer[] {
  switch (element.kind) {
    case 'heading':
      return [textDisplay(`## ${discordMarkdown(element.text)}`)]
    case 'text':
      return [textDisplay(discordMarkdown(element.text))]
    case 'note':
      return [textDisplay(`-# ${discordMarkdown(element.text).replaceAll('\n', '\n-# ')}`)]
    case 'picture':
      return [gallery([element.picture], files)]
    case 'gallery':
      return chunks(element.pictures, limits.galleryItems).map((pictures) => gallery(pictures, files))
    case 'fields':
      return [
        textDisplay(
          element.fields
            .map(({ name, value }) => `**${discordMarkdown(name)}**\n${discordMarkdown(value)}`)
            .join('\n'),
        ),
      ]
    case 'bars':
      return [
        textDisplay(
          (element.title ? `**${discordMarkdown(element.title)}**\n` : '') +
            codeBlock(barLines(element.bars)),
        ),
      ]
    case 'table':
      return [textDisplay(codeBlock(tableLines([element.columns, ...element.rows])))]
    case 'buttons':
      return chunks(element.buttons, limits.buttonsPerRow).map((row) => ({
        type: ComponentType.ActionRow,
        components: row.map(renderButton),
      }))
    case 'select':
      return [
        {
          type: ComponentType.ActionRow,
          components: [
            {
              type: ComponentType.StringSelect,
              custom_id: element.id,
              placeholder: shortened(element.placeholder, limits.placeholder),
              options: element.choices
                .slice(0, limits.selectChoices)
                .map(({ value, label }) => ({ value, label: shortened(label, limits.selectLabel) })),
            },
          ],
        },
      ]
    case 'file':
      files.push({ name: element.name, attachment: Buffer.from(element.bytes), description: element.name })
      return [{ type: ComponentType.File, file: { url: `attachment://${element.name}` } }]
  }
}

const buttonStyles = {
  primary: ButtonStyle.Primary,
  secondary: ButtonStyle.Secondary,
  danger: ButtonStyle.Danger,
} as const

const renderButton = (button: Button) => ({
  type: ComponentType.Button as const,
  style: buttonStyles[button.style ?? 'secondary'],
  custom_id: button.id,
  label: shortened(button.label, limits.buttonLabel),
  disabled: button.disabled ?? false,
})

function gallery(pictures: readonly Picture[], files: DiscordFile[]): APIComponentInContainer {
  return {
    type: ComponentType.MediaGallery,
    items: pictures.map((picture) => {
      // Two pictures of one message may have the same name.
      const name = files.some((file) => file.name === picture.name)
        ? `${files.length}-${picture.name}`
        : picture.name
      const description = shortened(picture.alt, limits.altText)
      files.push({ name, attachment: Buffer.from(picture.bytes), description })
      return { media: { url: `attachment://${name}` }, description, spoiler: picture.spoiler ?? false }
    }),
  }
}

/** Joins adjacent texts and cuts what is too long, so that a message never fails because of its size. */
function withinLimits(parts: readonly APIComponentInContainer[]): APIComponentInContainer[] {
  const kept: APIComponentInContainer[] = []
  let textLeft: number = limits.text
  let componentsLeft = limits.components - 1
  for (const part of parts) {
    const size = part.type === ComponentType.ActionRow ? 1 + part.components.length : 1
    const last = kept.at(-1)
    if (part.type === ComponentType.TextDisplay) {
      const content = shortenedMarkdown(part.content, Math.max(1, textLeft - 1))
      if (textLeft <= 1) continue
      textLeft -= content.length + 1
      if (last?.type === ComponentType.TextDisplay) {
        kept[kept.length - 1] = textDisplay(`${last.content}\n${content}`)
        continue
      }
      kept.push(textDisplay(content))
    } else if (size <= componentsLeft) {
      kept.push(part)
    }
    componentsLeft -= size
  }
  return kept
}

const fence = '```'

/** Cut like any text, but a code block that loses its end gets a new one: otherwise it would swallow what follows. */
function shortenedMarkdown(content: string, most: number): string {
  const cut = shortened(content, most)
  if (cut.split(fence).length % 2 === 1) return cut
  const closing = `\n${fence}`
  const room = most - closing.length
  // Too little room for a block: it is left out entirely.
  return room > content.indexOf(fence) + fence.length
    ? shortened(content, room) + closing
    : shortened(content.slice(0, content.indexOf(fence)), most)
}

const textDisplay = (content: string) => ({ type: ComponentType.TextDisplay as const, content })

const codeBlock = (text: string): string => `${fence}\n${text.replaceAll(fence, "'''")}\n${fence}`
