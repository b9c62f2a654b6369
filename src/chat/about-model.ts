import { embeddedId } from '../clip/pack-schema.ts'
import type { Key, Translate } from '../language.ts'
import { spoken } from '../language.ts'
import type { Catalogue } from '../neurons/catalogue.ts'
import type { Trust } from '../neurons/trust.ts'
import { percent } from './words.ts'

const kindKeys = {
  drawings: 'about.kinds.drawings',
  photographs: 'about.kinds.photographs',
  'written words': 'about.kinds.words',
} as const satisfies Record<Trust['kinds'][number]['kind'], Key>

/** "written words (74 % right) and drawings (37 %)", and the worst kind if there are several. */
function kindsInWords({ kinds }: Trust, t: Translate): { best: string; worst: string | undefined } {
  const named = kinds.map(({ kind, right }, i) => {
    const said = { kind: t(kindKeys[kind]), share: percent(right, t) }
    return i === 0 ? t('about.best', said) : t('about.kind', said)
  })
  const worst = named.length > 1 ? named.pop() : undefined
  return { best: new Intl.ListFormat(t.language).format(named), worst }
}

/** "I am at my best with written words (74 % right) and drawings (37 %), and at my worst with photographs (6.9 %)." */
export function goodAt(trust: Trust, t: Translate): string {
  const { best, worst } = kindsInWords(trust, t)
  return worst === undefined ? t('about.goodAtOne', { best }) : t('about.goodAt', { best, worst })
}

function measured(trust: Trust, t: Translate): string {
  const { best, worst } = kindsInWords(trust, t)
  return worst === undefined ? t('about.measuredOne', { best }) : t('about.measured', { best, worst })
}

/** What serves, what it knows and doesn't, measured; and how to get another one, if it is the one that everybody has. */
export const aboutModel = ({ modelId, summary, trust }: Catalogue, t: Translate): string =>
  [
    spoken(summary, t),
    ...(trust ? [measured(trust, t)] : []),
    ...(modelId === embeddedId ? [t('about.others')] : []),
  ].join(' ')

/** The same after the model's name. */
export const modelInWords = (catalogue: Catalogue, t: Translate): string =>
  `${catalogue.modelTitle}: ${aboutModel(catalogue, t)}`
