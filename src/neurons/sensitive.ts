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

/** Lower case, without accents; anything but letters and digits becomes a single blank. */
const folded = (text: string): string =>
  withoutAccents(text)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** A pattern for a phrase, singular or plural. */
function inflected(phrase: string): string {
  const text = folded(phrase)
  return text.endsWith('y') ? `${text.slice(0, -1)}(?:y|ies)` : `${text}(?:s|es)?`
}

const wholeWords = (list: readonly string[], flags: string): RegExp =>
  new RegExp(`(?<=^| )(?:${list.map(inflected).join('|')})(?= |$)`, flags)

const listed = wholeWords(
  topics.flatMap(({ words }) => words),
  'u',
)
/** Sensitive only as the whole name. */
const alone = new Set(topics.flatMap((topic) => topic.alone.map(folded)))
const harmless = wholeWords(innocent, 'gu')

/**
 * Whether a label, a name or a word may appear beside a member's picture only if the community's moderators allowed it:
 * race, religion, sexuality, illness, extremism and real politicians, as listed after review in assets/sensitive.json
 * (in English); slurs and explicit words.
 */
export function isSensitive(label: string): boolean {
  if (label.split(/[/,;]/).some((name) => alone.has(folded(name)))) return true
  const text = folded(label).replace(harmless, ' ')
  return listed.test(text) || isProfane(text)
}

/** The same for a unit: by one of its names, or by its number in a pack. */
export const isSensitiveUnit = (pack: string, unit: number, names: readonly string[]): boolean =>
  names.some(isSensitive) || units.some((one) => one.pack === pack && one.unit === unit)
