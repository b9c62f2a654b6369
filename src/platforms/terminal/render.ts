import { stripVTControlCharacters, styleText } from 'node:util'
import { spans, withoutMarkup } from '../../chat/markup.ts'
import type { Element, Picture, Reply } from '../../chat/reply.ts'

export interface RenderOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly colour: boolean
  /** Whether to say how each button can be pressed. */
  readonly buttons?: boolean
  /** Pictures as the terminal draws them, if it can. */
  readonly drawn?: ReadonlyMap<Picture, string>
}

/** Files that a terminal can show. */
const readable = /^text\/|json$/

/** A bar needs no more than this to be read, however wide the terminal is. */
const maxBarWidth = 32
const minBarWidth = 8

/** A reply as lines of text. Pictures are described in words if they can't be drawn; the caller saves their bytes. */
export function renderReply(reply: Reply, options: RenderOptions): string {
  const lines = reply.elements
    .filter(({ kind }) => options.buttons || (kind !== 'buttons' && kind !== 'select'))
    .map((element) => renderElement(element, options))
  const text = lines.join('\n')
  return options.colour ? text : stripVTControlCharacters(text)
}

function renderElement(element: Element, options: RenderOptions): string {
  switch (element.kind) {
    case 'heading':
      return styleText('bold', withoutMarkup(element.text), { validateStream: false })
    case 'text':
      return styled(element.text)
    case 'note':
      return styleText('dim', withoutMarkup(element.text), { validateStream: false })
    case 'picture': {
      const drawn = options.drawn?.get(element.picture)
      if (drawn !== undefined) return drawn
      return element.instead
        ? element.instead.map((each) => renderElement(each, options)).join('\n')
        : `[picture] ${element.picture.alt}`
    }
    case 'gallery':
      return element.pictures
        .map((picture) => options.drawn?.get(picture) ?? `[picture] ${picture.alt}`)
        .join('\n')
    case 'fields':
      return columns(element.fields.map((field) => [withoutMarkup(field.name), withoutMarkup(field.value)]))
    case 'bars':
      return renderBars(element, options)
    case 'table':
      return columns([element.columns, ...element.rows])
    case 'buttons':
      return element.buttons
        .filter((button) => !button.disabled)
        .map((button) => `> ${button.label}: npx neuron-games press ${button.id}`)
        .join('\n')
    case 'select':
      return [
        `${element.placeholder}: npx neuron-games press ${element.id} VALUE`,
        columns(element.choices.map((choice) => [`  ${choice.value}`, choice.label])),
      ].join('\n')
    case 'file':
      return readable.test(element.mimeType)
        ? new TextDecoder().decode(element.bytes)
        : `[file] ${element.name} (${element.bytes.length} bytes)`
  }
}

function renderBars({ title, bars }: Extract<Element, { kind: 'bars' }>, options: RenderOptions): string {
  const labelWidth = Math.max(...bars.map((bar) => widthOf(bar.label)), 0)
  const valueWidth = Math.max(...bars.map((bar) => widthOf(bar.value)), 0)
  const barWidth = Math.max(minBarWidth, Math.min(maxBarWidth, options.width - labelWidth - valueWidth - 2))
  const lines = bars.map((bar) => {
    const filled = Math.round(Math.max(0, Math.min(1, bar.share)) * barWidth)
    const drawn = '█'.repeat(filled) + '░'.repeat(barWidth - filled)
    const shown = styleText(bar.highlighted ? 'yellow' : 'cyan', drawn, { validateStream: false })
    return `${padded(bar.label, labelWidth)} ${shown} ${bar.value}`
  })
  return [...(title ? [withoutMarkup(title)] : []), ...lines].join('\n')
}

function columns(rows: readonly (readonly string[])[]): string {
  const count = Math.max(...rows.map((row) => row.length), 0)
  const widths = Array.from({ length: count }, (_, index) =>
    Math.max(...rows.map((row) => widthOf(row[index] ?? ''))),
  )
  return rows
    .map((row) =>
      row
        .map((cell, index) => padded(cell, widths[index]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u

/** Columns that a text takes: wide scripts and emoji take two. */
const widthOf = (text: string): number =>
  [...segmenter.segment(text)].reduce((sum, { segment }) => sum + (wide.test(segment) ? 2 : 1), 0)

const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)))

const styled = (text: string): string =>
  spans(text)
    .map((span) => {
      if (span.style === 'plain') return span.text
      return styleText(span.style === 'code' ? 'cyan' : span.style, span.text, { validateStream: false })
    })
    .join('')
