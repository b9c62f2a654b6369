import type { Catalogue } from '../neurons/catalogue.ts'
import type { Trust } from '../neurons/trust.ts'
import { percent } from './words.ts'

/** "written words (74 % right) and drawings (37 %)", and the worst kind if there are several. */
function kindsInWords({ kinds }: Trust): { best: string; worst: string | undefined } {
  const named = kinds.map(({ kind, right }, i) => `${kind} (${percent(right)}${i === 0 ? ' right' : ''})`)
  const worst = named.length > 1 ? named.pop() : undefined
  return { best: named.join(' and '), worst }
}

/** "I am at my best with written words (74 % right) and drawings (37 %), and at my worst with photographs (6.9 %)." */
export function goodAt(trust: Trust): string {
  const { best, worst } = kindsInWords(trust)
  return `I am at my best with ${best}${worst ? `, and at my worst with ${worst}` : ''}.`
}

/** What serves, what it knows and doesn't, measured, and how to get another one. */
export function aboutModel({ summary, trust }: Pick<Catalogue, 'summary' | 'trust'>): string {
  const known = trust && kindsInWords(trust)
  const measured = known
    ? [
        `Measured on pictures that were new to it: best with ${known.best}${known.worst ? `, worst with ${known.worst}` : ''}.`,
      ]
    : []
  const others = 'Whoever runs me can get another: neuron-games models pull rn50x4 fetches OpenAI’s.'
  return [summary, ...measured, others].join(' ')
}
