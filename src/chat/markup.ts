/** Makes text that a person wrote safe inside a reply's markup: it shows as it was typed. */
export const plain = (text: string): string => text.replace(/[\\*_`]|<(?=#|t:)/g, '\\$&')

/** Names a channel in a reply's markup; a platform that can shows its name. */
export const channelName = (id: string): string => `<#${id}>`

/**
 * Names a moment in a reply's markup: a platform that can shows it as the reader's clock does.
 * @param at epoch milliseconds
 * @param written what the others show
 */
export const momentMark = (at: number, written: string): string => `<t:${at}:${written}>`

export interface Span {
  readonly text: string
  readonly style: 'plain' | 'bold' | 'italic' | 'code'
  /** The id of the channel that the text names. */
  readonly channel?: string
  /** The moment that the text names, in epoch milliseconds. */
  readonly at?: number
}

/** Parses the markup of a reply's text into spans, for renderers whose platform writes it otherwise. */
export function spans(text: string): Span[] {
  const found: Span[] = []
  const pattern =
    /\*\*((?:\\.|[^\\*])+)\*\*|_((?:\\.|[^\\_])+)_|`((?:\\.|[^\\`])+)`|<#([\w-]+)>|<t:(\d+):([^>]+)>|((?:\\.|[^\\*_`<])+|[*_`\\<])/gs
  for (const [, bold, italic, code, channel, at, written = '', rest] of text.matchAll(pattern)) {
    if (bold !== undefined) found.push({ text: unescape(bold), style: 'bold' })
    else if (italic !== undefined) found.push({ text: unescape(italic), style: 'italic' })
    else if (code !== undefined) found.push({ text: unescape(code), style: 'code' })
    else if (channel !== undefined) found.push({ text: `#${channel}`, style: 'plain', channel })
    else if (at !== undefined) found.push({ text: written, style: 'plain', at: Number(at) })
    else found.push({ text: unescape(rest ?? ''), style: 'plain' })
  }
  return found
}

/** Only the text, for alt text, notifications and terminals. */
export const withoutMarkup = (text: string): string =>
  spans(text)
    .map((span) => span.text)
    .join('')

const unescape = (text: string): string => text.replace(/\\([\\*_`<])/g, '$1')
