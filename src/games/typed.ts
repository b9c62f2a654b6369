import { languages, translator } from '../language.ts'
import type catalogue from '../../assets/languages/en.json'

type Meaning = keyof (typeof catalogue)['times']['typed']

/** What a person may type for something, in every language, in lower case: the catalogues list it with commas between. */
const words = new Map<Meaning, ReadonlySet<string>>()

function wordsFor(meaning: Meaning): ReadonlySet<string> {
  const known = words.get(meaning)
  if (known) return known
  const found = new Set(
    languages.flatMap((language) => translator(language)(`times.typed.${meaning}`).toLowerCase().split(', ')),
  )
  words.set(meaning, found)
  return found
}

/** Which of these meanings a word has; undefined if none. */
export const meaningOf = <Some extends Meaning>(word: string, some: readonly Some[]): Some | undefined =>
  some.find((meaning) => wordsFor(meaning).has(word.toLowerCase()))

/** The days of the week in every language, Monday first, in lower case. */
export const weekdayNames: readonly (readonly string[])[] = languages.map((language) => {
  const days = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' })
  // 1 January 2024 was a Monday.
  return Array.from({ length: 7 }, (_, i) => days.format(Date.UTC(2024, 0, 1 + i)).toLowerCase())
})
