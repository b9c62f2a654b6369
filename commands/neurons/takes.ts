import type { Element } from '../../src/chat/reply.ts'
import { plain } from '../../src/chat/markup.ts'
import type { LabelScore } from '../../src/jobs/engine.ts'
import { capitalised } from '../../src/chat/words.ts'
import { writtenName } from '../../src/neurons/written-name.ts'
import { isSensitive } from '../../src/neurons/sensitive.ts'

/** A name that the model takes the picture for. */
export interface Take {
  readonly label: string
  /** Among all names that it knows, 0 to 1. */
  readonly probability: number
}

const shown = 3
/** A name that so little speaks for is no news. */
const least = 0.01

/** The likeliest names, without those that a community keeps away from pictures: it would call a smiling woman an ape. */
export const takesOf = (scores: readonly LabelScore[], sensitive: boolean, limit = shown): Take[] =>
  scores
    .filter(({ label }) => sensitive || !isSensitive(label))
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, limit)
    .map(({ label, probability }) => ({ label, probability }))

/** "What it takes this for: **Pizza slice** (62 % sure), then plate (9 %) or ghost (4 %)." */
export function takesInWords(takes: readonly Take[]): Element[] {
  const [first, ...others] = takes
    .filter(({ probability }) => probability >= least)
    .map(({ label, probability }) => ({
      name: plain(writtenName(label)),
      share: `${Math.round(100 * probability)} %`,
    }))
  if (!first) return [{ kind: 'text', text: 'I have no name for this that I would bet on.' }]
  const rest = others.map(({ name, share }) => `${name} (${share})`).join(' or ')
  return [
    {
      kind: 'text',
      text: `What it takes this for: **${capitalised(first.name)}** (${first.share} sure)${rest && `, then ${rest}`}.`,
    },
  ]
}
