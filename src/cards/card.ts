import type { Translate } from '../language.ts'
import type { Canvas } from '@napi-rs/canvas'
import { shortened } from '../text.ts'
import { encode, type Encoded } from './encode.ts'

/** The strip of a card that is about one unit; top and height are shares of the card's height. */
export interface Area {
  readonly unit: number
  readonly top: number
  readonly height: number
}

/** A drawn card, ready to be sent as a picture. */
export interface Card extends Encoded {
  readonly width: number
  readonly height: number
  /** The same for a dark ground, if it was drawn for both. */
  readonly dark?: Uint8Array
  /** Where each unit is on it. */
  readonly areas?: readonly Area[]
  /** What the card shows, for those who cannot see it; at most 1,000 characters. */
  readonly alt: string
}

const longestAlt = 1000

export async function finish(canvas: Canvas, photographic: boolean, alt: string): Promise<Card> {
  const encoded = await encode(canvas, photographic)
  return { ...encoded, width: canvas.width, height: canvas.height, alt: shortenedAlt(alt) }
}

/** Cut after the last sentence or list item that fits. */
function shortenedAlt(alt: string): string {
  const text = alt.replace(/\s+/g, ' ').trim()
  if (text.length <= longestAlt) return text
  const fits = shortened(text, longestAlt - 1)
  const end = Math.max(fits.lastIndexOf('; '), fits.lastIndexOf('. '))
  return end > 0 ? `${fits.slice(0, end)} …` : fits
}

/** Adds a full stop unless the text ends with a mark of its own or is empty. */
export const sentence = (text: string): string => (text === '' || /[.?!…]$/.test(text) ? text : `${text}.`)

/** With this many digits after the decimal point or comma. */
const decimal = (value: number, digits: number, { language }: Translate): string =>
  new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    useGrouping: false,
  }).format(value)

export const percent = (share: number, t: Translate): string => {
  const value = share * 100
  if (value > 0 && value < 0.1) return `<${decimal(0.1, 1, t)}\u00a0%`
  if (value < 100 && value > 99.9) return `>${decimal(99.9, 1, t)}\u00a0%`
  return `${decimal(value, value >= 10 || value === 0 ? 0 : 1, t)}\u00a0%`
}

/** A strength with a true minus sign: "12.4 σ", "−2.3 σ"; a difference shows its plus, too. */
export const inSigma = (sigma: number, difference: boolean, t: Translate): string =>
  `${difference && sigma > 0 ? '+' : ''}${decimal(sigma, 1, t).replace('-', '\u2212')}\u00a0σ`
