import { withoutAccents } from '../text.ts'

/** The words of a name, without case, accents and plurals. */
const wordsOf = (name: string): string[] =>
  withoutAccents(name)
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !['of', 'the', 'a', 'an', 'with', 'and', 'in'].includes(word))
    .map((word) => word.replace(/(?<=...)s$/, ''))

const within = (some: readonly string[], all: readonly string[]): boolean =>
  some.length > 0 && some.every((word) => all.includes(word))

/**
 * Whether two names mean the same thing to a reader: all words of one occur in the other ("cat" and "cat face"). A name
 * with alternatives ("malawi / micronesia") matches if one of them does.
 */
export function sameName(a: string, b: string): boolean {
  return a.split(' / ').some((one) =>
    b.split(' / ').some((other) => {
      const [words, others] = [wordsOf(one), wordsOf(other)]
      return within(words, others) || within(others, words)
    }),
  )
}
