import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { projectRoot } from '../root.ts'
import { withoutAccents } from '../text.ts'
import { isProfane } from './profanity.ts'

const listSchema = z.strictObject({
  note: z.string(),
  topics: z.array(
    z.strictObject({
      topic: z.string(),
      why: z.string(),
      words: z.array(z.string()),
      alone: z.array(z.string()),
    }),
  ),
  innocent: z.array(z.string()),
  units: z.array(z.strictObject({ pack: z.string(), unit: z.int(), why: z.string() })),
})

const { topics, innocent, units } = listSchema.parse(
  JSON.parse(readFileSync(join(projectRoot, 'assets', 'sensitive.json'), 'utf8')),
)

/** Lower case, without accents, single blanks for all that is neither letter nor digit. */
const plain = (text: string): string =>
  withoutAccents(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** A phrase, also in the plural. */
function inflected(phrase: string): string {
  const text = plain(phrase)
  return text.endsWith('y') ? `${text.slice(0, -1)}(?:y|ies)` : `${text}(?:s|es)?`
}

const wholeWords = (list: readonly string[], flags: string): RegExp =>
  new RegExp(`(?<=^| )(?:${list.map(inflected).join('|')})(?= |$)`, flags)

const listed = wholeWords(
  topics.flatMap(({ words }) => words),
  'u',
)
const alone = new Set(topics.flatMap((topic) => topic.alone.map(plain)))
const harmless = wholeWords(innocent, 'gu')

/**
 * Whether a label, a name or a word may stand beside a member's picture only where the community's admin allowed
 * it: race, religion, sexuality, illness, extremism, real politicians, as
 * assets/sensitive.json lists them after review, in English; slurs and explicit words.
 */
export function isSensitive(label: string): boolean {
  if (label.split(/[/,;]/).some((name) => alone.has(plain(name)))) return true
  const text = plain(label).replace(harmless, ' ')
  return listed.test(text) || isProfane(text)
}

/** The same of a unit: by one of its names, or by its number in a pack. */
export const isSensitiveUnit = (pack: string, unit: number, names: readonly string[]): boolean =>
  names.some(isSensitive) || units.some((one) => one.pack === pack && one.unit === unit)
