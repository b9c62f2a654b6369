import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { PackFacts, PackUnit } from '../clip/pack-schema.ts'
import { projectRoot } from '../root.ts'

/**
 * What "Multimodal Neurons in Artificial Neural Networks" (Goh et al., Distill 2021, CC-BY 4.0) says about the units of
 * CLIP RN50x4. It holds only for OpenAI's weights.
 */
const unitsSchema = z.array(
  z.object({
    unit: z.int(),
    name: z.string(),
    family: z.string().nullable(),
    certainty: z.string(),
    sensitive: z.boolean(),
  }),
)

const readAsset = (name: string): unknown =>
  JSON.parse(readFileSync(join(projectRoot, 'assets', name), 'utf8'))

const isTheirs = ({ id, tap }: Pick<PackFacts, 'id' | 'tap'>): boolean =>
  id === 'rn50x4' && tap.channels === 2560

/** The authors' degrees of certainty in terms of ours, and where each name comes from. */
const certainties: Record<string, Pick<PackUnit, 'certainty' | 'namedBy'>> = {
  published: { certainty: 'published', namedBy: "authors' label" },
  'published-with-question-mark': { certainty: 'likely', namedBy: "authors' label, with a question mark" },
  'authors-working-label': { certainty: 'working', namedBy: "authors' working label" },
  'authors-working-label-unsure': { certainty: 'unsure', namedBy: "authors' working label" },
  'draft-commented-out': { certainty: 'unsure', namedBy: "authors' draft label" },
}
const third: Pick<PackUnit, 'certainty' | 'namedBy'> = { certainty: 'unsure', namedBy: 'third-party label' }

/** Appended to a name's origin until `models check` has shown that the units answer to their words here. */
const notProved = 'not proved on this machine'

/** The paper's names, for a pack of its model; none for other packs. */
export function publishedUnits(facts: Pick<PackFacts, 'id' | 'tap'>, proved: boolean): PackUnit[] {
  if (!isTheirs(facts)) return []
  return unitsSchema
    .parse(readAsset('neurons-rn50x4.json'))
    .map(({ unit, name, family, certainty, sensitive }) => {
      const how = certainties[certainty] ?? third
      return {
        unit,
        name,
        ...how,
        namedBy: proved ? how.namedBy : `${how.namedBy}, ${notProved}`,
        ...(family && { family }),
        sensitive,
      }
    })
}

/**
 * For each unit of the paper's model the common English words that fire it most when rendered. The list contains slurs
 * and explicit words: check `isProfane` before you show one.
 */
export function topWordsOf(facts: Pick<PackFacts, 'id' | 'tap'>): readonly (readonly string[])[] | undefined {
  if (!isTheirs(facts)) return undefined
  const words = z.record(z.string(), z.array(z.string())).parse(readAsset('topwords-rn50x4.json'))
  return Array.from({ length: facts.tap.channels }, (_, unit) => words[String(unit)] ?? [])
}

/** What has to be rendered to check those words and the ten best-known units. */
export function publishedWords(facts: Pick<PackFacts, 'id' | 'tap'>): readonly string[] | undefined {
  const topWords = topWordsOf(facts)
  // Not each of the ten's words is among the published ones.
  return topWords && [...topWords.flat(), ...tenNeurons.map(({ word }) => word)]
}

/** The ten best-known units, with a word that each must answer to. */
export const tenNeurons: readonly { readonly unit: number; readonly name: string; readonly word: string }[] =
  [
    { unit: 550, name: 'Spider-Man', word: 'spider' },
    { unit: 713, name: 'yellow', word: 'yellow' },
    { unit: 1777, name: 'Jesus Christ', word: 'jesus' },
    { unit: 309, name: 'Hitler', word: 'hitler' },
    { unit: 89, name: 'Donald Trump', word: 'donald' },
    { unit: 1512, name: 'happy', word: 'happy' },
    { unit: 2478, name: 'surprised', word: 'shocked' },
    { unit: 2191, name: 'mental illness', word: 'depression' },
    { unit: 245, name: 'Northern Hemisphere', word: 'canada' },
    { unit: 1317, name: 'East Africa', word: 'kenya' },
  ]
