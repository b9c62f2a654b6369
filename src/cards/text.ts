import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { charactersOf } from '../text.ts'
import { font, type Weight } from './fonts.ts'

export interface TextStyle {
  /** Pixels of the drawing. */
  readonly size: number
  readonly weight?: Weight
}

const ruler = createCanvas(1, 1).getContext('2d')
const words = new Intl.Segmenter('en', { granularity: 'word' })
const dots = '…'

/**
 * Text that a person wrote, made safe for one line: no line breaks, no bidirectional controls that would reorder the text
 * beside it, no towers of accents that would reach into other rows.
 */
export const oneLine = (text: string): string =>
  text
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/(?:\p{Cc}|[^\S\u00a0])+/gu, ' ')
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .trim()

/** Right to left if the first letter is Arabic, Hebrew or the like. */
export function direction(text: string): 'ltr' | 'rtl' {
  const first = /\p{L}/u.exec(text)?.[0] ?? ''
  return /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(first)
    ? 'rtl'
    : 'ltr'
}

/** Prepares a context for drawing and measuring a text. The language is pinned, because the host's would change glyphs. */
export function setText(ctx: SKRSContext2D, text: string, { size, weight }: TextStyle): void {
  ctx.lang = 'en'
  ctx.font = font(size, weight)
  ctx.direction = direction(text)
}

/** Width of one line in pixels. */
export function textWidth(text: string, style: TextStyle): number {
  setText(ruler, text, style)
  return ruler.measureText(text).width
}

/** The text as one line no wider than `width`; if it is too long, it is cut between characters and ends with "…". */
export function ellipsis(text: string, width: number, style: TextStyle): string {
  const line = oneLine(text)
  if (textWidth(line, style) <= width) return line
  const characters = charactersOf(line)
  let fits = 0
  let tooMany = characters.length
  const cut = (count: number): string => characters.slice(0, count).join('').trimEnd() + dots
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1
    if (textWidth(cut(middle), style) <= width) fits = middle
    else tooMany = middle
  }
  return cut(fits)
}

/** The text in at most `lines` lines no wider than `width`; breaks between words, in scripts without spaces, too. */
export function wrap(text: string, width: number, lines: number, style: TextStyle): string[] {
  const rest = pieces(oneLine(text))
  const wrapped: string[] = []
  while (rest.length > 0 && wrapped.length < lines - 1) {
    let line = rest.shift()!
    while (rest.length > 0 && textWidth((line + rest[0]!).trimEnd(), style) <= width) line += rest.shift()!
    wrapped.push(ellipsis(line, width, style))
    while (rest[0]?.trim() === '') rest.shift()
  }
  if (rest.length > 0) wrapped.push(ellipsis(rest.join(''), width, style))
  return wrapped
}

/** Words and the spaces between them; brackets, punctuation and what a no-break space joins stay with their words. */
function pieces(text: string): string[] {
  const found: string[] = []
  for (const { segment } of words.segment(text)) {
    const joins =
      /^[\p{Pe}\p{Pf}\p{Po}\u00a0]+$/u.test(segment) || /[\p{Ps}\p{Pi}\u00a0]$/u.test(found.at(-1) ?? '')
    if (found.length > 0 && joins) found.push(found.pop()! + segment)
    else found.push(segment)
  }
  return found
}

export interface Placed extends TextStyle {
  /** Left, right or centre of the line, depending on `align`. */
  readonly x: number
  /** The baseline. */
  readonly y: number
  readonly colour: string
  /** Longer text ends with an ellipsis. */
  readonly width: number
  readonly align?: 'left' | 'right' | 'center'
}

/** Draws one line. @returns its width */
export function drawText(ctx: SKRSContext2D, text: string, at: Placed): number {
  const line = ellipsis(text, at.width, at)
  setText(ctx, line, at)
  ctx.textAlign = at.align ?? 'left'
  ctx.textBaseline = 'alphabetic'
  ctx.fillStyle = at.colour
  ctx.fillText(line, at.x, at.y)
  return textWidth(line, at)
}
