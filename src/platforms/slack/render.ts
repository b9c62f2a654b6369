import type {
  ActionsBlock,
  Button as SlackButton,
  KnownBlock,
  RichTextBlock,
  RichTextSection,
} from '@slack/types'
import { spans, withoutMarkup } from '../../chat/markup.ts'
import type { Button, Element, Picture, Progress, Reply } from '../../chat/reply.ts'
import { barLines, blocks as blockBar, chunks, shortened, tableLines } from '../text-art.ts'
import { escaped } from './escape.ts'
import { limits } from './limits.ts'

/** A message without its pictures: `blocks` is called once they are uploaded and have ids. */
export interface SlackMessage {
  /** Beside the blocks: for notifications and screen readers. */
  readonly text: string
  readonly pictures: readonly Picture[]
  /** Shared beside the message: Slack has no block for the bot's own files. */
  readonly files: readonly Extract<Element, { kind: 'file' }>[]
  /** @param fileIds of the pictures, in their order */
  readonly blocks: (fileIds: readonly string[]) => KnownBlock[]
}

const progressColumns = 20

/** A reply as blocks of Slack's Block Kit. Pure. */
export function renderReply(reply: Reply): SlackMessage {
  const pictures = reply.elements.flatMap(picturesOf)
  return {
    // The text beside blocks is mrkdwn: unescaped, what a person wrote could mention a whole channel.
    text: shortened(
      escaped(reply.elements.map(inWords).filter(Boolean).join('\n')) || 'neuron games',
      limits.fallbackText,
    ),
    pictures,
    files: reply.elements.filter((element) => element.kind === 'file'),
    blocks(fileIds) {
      const idOf = new Map(pictures.map((picture, index) => [picture, fileIds[index]]))
      // A name that was stored before such names were refused could mention the whole channel.
      const group = /^[A-Z0-9]+$/.exec(reply.pingRole ?? '')?.[0]
      const ping = group ? [section(`<!subteam^${group}>`)] : []
      return fitting([...ping, ...reply.elements.flatMap((element) => renderElement(element, idOf))])
    },
  }
}

/** Fits blocks into a message's limits: text is dropped before buttons, and […] stands for what was left out. */
function fitting(blocks: readonly KnownBlock[]): KnownBlock[] {
  const kept: KnownBlock[] = []
  let characters = 0
  for (const block of blocks) {
    const length = block.type === 'actions' || block.type === 'image' ? 0 : JSON.stringify(block).length
    if (kept.length === limits.blocks - 1 || characters + length > limits.allText) continue
    characters += length
    kept.push(block)
  }
  return kept.length < blocks.length ? [...kept, ...note('[…]')] : kept
}

export function renderProgress({ text, fraction, picture }: Progress): Reply {
  const bar =
    fraction === undefined
      ? ''
      : `\n\`${blockBar(fraction, progressColumns)}\` ${Math.round(fraction * 100)} %`
  const elements: Element[] = [{ kind: 'text', text: `${text}${bar}` }]
  return { elements: picture ? [...elements, { kind: 'picture', picture }] : elements }
}

function picturesOf(element: Element): readonly Picture[] {
  if (element.kind === 'picture') return [element.picture]
  return element.kind === 'gallery' ? element.pictures : []
}

function renderElement(element: Element, idOf: ReadonlyMap<Picture, string | undefined>): KnownBlock[] {
  switch (element.kind) {
    case 'heading': {
      const text = shortened(withoutMarkup(element.text), limits.header)
      return text.trim() ? [{ type: 'header', text: { type: 'plain_text', text } }] : []
    }
    case 'text':
      return richText(element.text)
    case 'note':
      return note(withoutMarkup(element.text))
    case 'picture':
    case 'gallery':
      return picturesOf(element).map((picture) => ({
        type: 'image',
        slack_file: { id: idOf.get(picture) ?? '' },
        alt_text: shortened(picture.alt || picture.name, limits.altText),
      }))
    case 'fields':
      return element.fields.flatMap(({ name, value }) =>
        richText(`${name ? `**${name.replaceAll('**', '')}**\n` : ''}${value}`),
      )
    case 'bars':
      return [...richText(element.title ?? ''), ...preformatted(barLines(element.bars))]
    case 'table':
      return preformatted(tableLines([element.columns, ...element.rows]))
    case 'buttons':
      return chunks(
        element.buttons.filter((button) => !button.disabled),
        limits.buttonsPerRow,
      ).map((row): ActionsBlock => ({ type: 'actions', elements: row.map(renderButton) }))
    case 'select': {
      const options = element.choices
        .slice(0, limits.choices)
        .map(({ value, label }) => ({ value, text: plainText(label || value, limits.choiceText) }))
      const placeholder = plainText(element.placeholder || '…', limits.placeholder)
      const select = { type: 'static_select' as const, action_id: element.id, placeholder, options }
      return options.length > 0 ? [{ type: 'actions', elements: [select] }] : []
    }
    case 'file':
      return []
  }
}

const renderButton = ({ id, label, style }: Button): SlackButton => ({
  type: 'button',
  action_id: id,
  text: plainText(label || '…', limits.buttonText),
  ...(style === 'primary' || style === 'danger' ? { style } : {}),
})

const plainText = (text: string, most: number) => ({
  type: 'plain_text' as const,
  text: shortened(text, most),
})

const note = (text: string): KnownBlock[] =>
  text.trim() ? [{ type: 'context', elements: [plainText(text, limits.contextText)] }] : []

const section = (text: string): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text } })

/** Rich text has styles separate from the text, so that what a person wrote needs no escaping. */
function richText(text: string): RichTextBlock[] {
  const elements: RichTextSection['elements'] = spans(text).map(({ text: words, style, channel, at }) => {
    if (channel) return { type: 'channel', channel_id: channel }
    if (at !== undefined)
      return {
        type: 'date',
        timestamp: Math.floor(at / 1000),
        format: '{date_short_pretty}, {time}',
        fallback: words,
      }
    return style === 'plain'
      ? { type: 'text', text: words }
      : { type: 'text', text: words, style: { [style]: true } }
  })
  if (!withoutMarkup(text).trim()) return []
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }]
}

function preformatted(text: string): RichTextBlock[] {
  if (!text.trim()) return []
  const shown = { type: 'text' as const, text: shortened(text, limits.text) }
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements: [shown] }] }]
}

function inWords(element: Element): string {
  switch (element.kind) {
    case 'heading':
    case 'text':
    case 'note':
      return withoutMarkup(element.text)
    case 'picture':
      return element.picture.alt
    case 'gallery':
      return element.pictures.map(({ alt }) => alt).join(' ')
    case 'fields':
      return element.fields.map(({ name, value }) => withoutMarkup(`${name}: ${value}`)).join('\n')
    case 'bars':
      return element.bars.map(({ label, value }) => `${label} ${value}`).join(', ')
    case 'table':
      return element.rows.map((row) => row.join(' ')).join('\n')
    case 'buttons':
    case 'select':
    case 'file':
      return ''
  }
}
