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
