/** Makes text that a person wrote safe to stand inside a reply's markup: it shows as it was typed. */
export const plain = (text: string): string => text.replace(/[\\*_`]/g, '\\$&')

export interface Span {
  readonly text: string
  readonly style: 'plain' | 'bold' | 'italic' | 'code'
}

/** Parses the markup of a reply's text into spans, for renderers whose platform writes it otherwise. */
export function spans(text: string): Span[] {
  const found: Span[] = []
  const pattern =
    /\*\*((?:\\.|[^\\*])+)\*\*|_((?:\\.|[^\\_])+)_|`((?:\\.|[^\\`])+)`|((?:\\.|[^\\*_`])+|[*_`\\])/gs
  for (const [, bold, italic, code, rest] of text.matchAll(pattern)) {
    const style =
      bold === undefined
        ? italic === undefined
          ? code === undefined
            ? 'plain'
            : 'code'
          : 'italic'
        : 'bold'
    found.push({ text: unescape(bold ?? italic ?? code ?? rest ?? ''), style })
  }
  return found
}

/** The text alone, for alt text, notifications and terminals. */
export const withoutMarkup = (text: string): string =>
  spans(text)
    .map((span) => span.text)
    .join('')

const unescape = (text: string): string => text.replace(/\\([\\*_`])/g, '$1')
