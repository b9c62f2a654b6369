import type { CommunitySettings } from '../../src/chat/community.ts'
import { alike } from '../../src/games/question.ts'
import type { Catalogue } from '../../src/neurons/catalogue.ts'
import { isFit } from '../neuron/votes.ts'
import type { Asked } from '../question/records.ts'

/**
 * The word that, written in a picture, fires the unit most and is neither its name nor part of it. Undefined if no word
 * fires it, if all that do would give the name away, or if nobody has measured which do.
 */
export function hintWord(
  { tuning }: Catalogue,
  settings: CommunitySettings,
  { unit, choices, answer }: Pick<Asked, 'unit' | 'choices' | 'answer'>,
): { readonly word: string; readonly sigma: number } | undefined {
  const parts = choices[answer]!.split(/\P{L}+/u).filter((part) => part !== '')
  return tuning?.units[unit]?.words.find(
    ({ word }) => isFit(settings, word) && !parts.some((part) => alike(part, word)),
  )
}
