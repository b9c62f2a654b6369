const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** What a person takes for one character each: an emoji with its skin tone, a letter with its accents. */
export const charactersOf = (text: string): string[] =>
  [...graphemes.segment(text)].map(({ segment }) => segment)

/**
 * The text in at most `most` UTF-16 code units, by which the platforms count; where it is longer it is cut
 * between characters and ends with "…". Half an emoji, which platforms refuse, comes out as "�".
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

/** A file's name in at most `most` code units; what is cut is cut out of its middle, so that the ending stays. */
export function shortenedFileName(name: string, most: number): string {
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0] ?? ''
  return name.length <= most
    ? name.toWellFormed()
    : shortened(name.slice(0, name.length - ending.length), most - ending.length) + ending
}

/**
 * A name as others read it: composed, in one line, without marks that show nothing or turn the order of what
 * stands beside it, without towers of accents. Empty where nothing of it can be seen.
 */
export function readable(name: string): string {
  const text = name
    .toWellFormed()
    .normalize('NFC')
    // Joiners stay where they join: emoji, and letters of Persian and of India's scripts.
    .replace(/(?<![\p{L}\p{M}\p{Emoji}\ufe0f])[\u200c\u200d]|[\u200c\u200d](?![\p{L}\p{M}\p{Emoji}])/gu, '')
    .replace(/(?![\u200c\u200d])[\p{Cf}\p{Co}\p{Cn}\u115f\u1160\u2800\u3164\uffa0]/gu, '')
    .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .trim()
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(text) ? text : ''
}

/** Letters and digits that look like another: Cyrillic and Greek ones, and what is written for them in chats. */
const lookalikes: ReadonlyMap<string, string> = new Map(
  'аa еe оo рp сc уy хx ѕs мm гr иn пn нh іi αa εe οo ρp ηn νv υu τt 0o 1l 3e 4a 5s 6g $s @a'
    .split(' ')
    .map(([seen, meant]) => [seen!, meant!] as const),
)

/** Whether a name holds another to the eye: "Neur0n  Gаmes!" holds "Neuron Games". */
export const resembles = (name: string, other: string): boolean => looks(name).includes(looks(other))

const looks = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^]/gu, (letter) => lookalikes.get(letter) ?? letter)
    .replace(/[^\p{L}\p{N}]/gu, '')

/** The first letter large, as at the head of a line. */
export const capitalised = (text: string): string => {
  const [first = '', ...rest] = text
  return first.toLocaleUpperCase('en') + rest.join('')
}

/** "cafe" for "café", and plain letters for those of other widths and shapes. */
export const withoutAccents = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '')
