const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** Grapheme clusters, what a person sees as one character: an emoji with its skin tone, a letter with its accents. */
export const charactersOf = (text: string): string[] =>
  [...graphemes.segment(text)].map(({ segment }) => segment)

/**
 * The text in at most `most` UTF-16 code units, which is how platforms count. A longer text is cut between characters and
 * ends with "…". Lone surrogates (half an emoji), which platforms refuse, become "�".
 */
export function shortened(text: string, most: number): string {
  const whole = text.toWellFormed()
  if (whole.length <= most) return whole
  let length = 0
  for (const { segment, index } of graphemes.segment(whole)) {
    if (index + segment.length > most - 1) break
    length = index + segment.length
  }
  return `${whole.slice(0, length)}…`
}

/** A file's name in at most `most` code units; a long one is cut before its extension. */
export function shortenedFileName(name: string, most: number): string {
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0] ?? ''
  return name.length <= most
    ? name.toWellFormed()
    : shortened(name.slice(0, name.length - ending.length), most - ending.length) + ending
}

/**
 * A name as others should see it: composed, on one line, without invisible characters, without controls that reorder the
 * text beside it, without towers of accents. Empty if nothing of it is visible.
 */
export function readable(name: string): string {
  const text = name
    .toWellFormed()
    .normalize('NFC')
    // Joiners stay if they join something: emoji, and letters of Persian and Indic scripts.
    .replace(/(?<![\p{L}\p{M}\p{Emoji}\ufe0f])[\u200c\u200d]|[\u200c\u200d](?![\p{L}\p{M}\p{Emoji}])/gu, '')
    .replace(/(?![\u200c\u200d])[\p{Cf}\p{Co}\p{Cn}\u115f\u1160\u2800\u3164\uffa0]/gu, '')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .trim()
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(text) ? text : ''
}

/** Characters that look like a Latin letter: Cyrillic and Greek ones, and the digits and signs of leetspeak. */
const lookalikes: ReadonlyMap<string, string> = new Map(
  'аa еe оo рp сc уy хx ѕs мm гr иn пn нh іi αa εe οo ρp ηn νv υu τt 0o 1l 3e 4a 5s 6g $s @a'
    .split(' ')
    .map(([seen, meant]) => [seen!, meant!] as const),
)

/** Whether a name seems to contain another: "Neur0n  Gаmes!" contains "Neuron Games". */
export const resembles = (name: string, other: string): boolean => looks(name).includes(looks(other))

const looks = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^]/gu, (letter) => lookalikes.get(letter) ?? letter)
    .replace(/[^\p{L}\p{N}]/gu, '')

/** The text with its first letter in upper case. */
export const capitalised = (text: string): string => {
  const [first = '', ...rest] = text
  return first.toLocaleUpperCase('en') + rest.join('')
}

/** "cafe" for "café", and ordinary letters for full-width and styled ones. */
export const withoutAccents = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '')
