import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { cuss } from 'cuss'
import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from 'obscenity'
import { z } from 'zod'
import { projectRoot } from '../root.ts'
import { withoutAccents } from '../text.ts'

const texts = z.array(z.string())
const { pieces, harmless, compounds, words, coarse } = z
  .strictObject({
    note: z.string(),
    pieces: texts,
    harmless: texts,
    compounds: texts,
    words: texts,
    coarse: texts,
  })
  .parse(JSON.parse(readFileSync(join(projectRoot, 'assets', 'profanity.json'), 'utf8')))

const require = createRequire(import.meta.url)
const lists = [require('naughty-words/en.json'), require('naughty-words/de.json')].flatMap((list) =>
  texts.parse(list),
)
/** cuss rates a word 2 if it is profane in any context. */
const certain = Object.keys(cuss).filter((word) => cuss[word] === 2 && !coarse.includes(word))

/** Lower case, without combining strokes over letters or invisible characters. Umlauts stay. */
const folded = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase()

const spaced = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()

/** Numbers by themselves don't spell anything: "Highway 455". */
const withoutNumbers = (text: string): string =>
  text.replace(/(?<![\p{L}\p{N}])\p{N}+(?![\p{L}\p{N}])/gu, ' ')

/** "f u c k" and "f.u.c.k" as one word. */
const joined = (text: string): string =>
  text.replace(/(?<!\p{L})\p{L}(?:[^\p{L}\p{N}]+\p{L}(?!\p{L})){2,}/gu, (letters) =>
    letters.replace(/[^\p{L}]/gu, ''),
  )

const digits: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/** Digits and signs between letters become the letters that they look like; a letter that is repeated becomes one. */
const unmasked = (text: string): string =>
  text
    .replace(/(?<=\p{L})[013457@$!]+(?=\p{L})|[@$](?=\p{L})/gu, (signs) =>
      signs.replace(/./g, (sign) => digits[sign]!),
    )
    .replace(/(\p{L})\1{2,}/gu, '$1')

const whole = (list: readonly string[], flags: string): RegExp => {
  const longestFirst = list
    .map((each) => spaced(folded(each)))
    .filter(Boolean)
    .sort((a, b) => b.length - a.length)
  return new RegExp(`(?<=^| )(?:${longestFirst.join('|')})(?= |$)`, flags)
}

const notRude = whole(
  harmless.flatMap((each) => [each, `${each}s`]),
  'gu',
)
const listed = whole(
  [...lists, ...certain, ...words].flatMap((each) => [each, each.replaceAll('ß', 'ss')]),
  'u',
)
const compound = new RegExp(compounds.join('|'), 'u')
const english = new RegExpMatcher({ ...englishDataset.build(), ...englishRecommendedTransformers })
const innocent = new RegExp(pieces.join('|'), 'gu')

/** Whether a text holds a slur or an explicit word, in English or German, even in disguise ("f.u.c.k", "a55"). */
export function isProfane(text: string): boolean {
  const letters = withoutNumbers(folded(text))
  return [...new Set([letters, joined(letters)])].some((each) => {
    const rest = spaced(unmasked(each)).replace(notRude, ' ')
    if (listed.test(rest) || compound.test(rest)) return true
    const signs = each.replace(/[^\p{L}\p{N}@$!*]+/gu, ' ').replace(notRude, ' ')
    return english.hasMatch(withoutAccents(signs).replace(innocent, ' '))
  })
}
