import type { Key, Translate } from '../language.ts'
import type { Unit } from './catalogue.ts'

const notProved = 'not proved on this machine'
/** Where names come from, as packs write it, in parts between commas. */
const origins: Readonly<Record<string, Key>> = {
  'our probe set': 'neuron.namedBy.probeSet',
  'its weights': 'neuron.namedBy.weights',
  "authors' label": 'neuron.namedBy.label',
  "authors' working label": 'neuron.namedBy.workingLabel',
  "authors' draft label": 'neuron.namedBy.draftLabel',
  'third-party label': 'neuron.namedBy.thirdParty',
  'with a question mark': 'neuron.namedBy.questionMark',
  [notProved]: 'neuron.namedBy.notProved',
}

const originIn = (part: string, t: Translate): string => {
  const key = origins[part]
  if (key) return t(key)
  const cosine = /^cosine (.+)$/.exec(part)?.[1]
  return cosine === undefined ? part : t('neuron.namedBy.cosine', { cosine })
}

/**
 * How far to trust a unit's name, and where it comes from: "likely, our probe set". A published name that was not proved
 * here is nothing else yet: "not proved on this machine, authors' label".
 */
export function howNamed({ certainty, namedBy }: Pick<Unit, 'certainty' | 'namedBy'>, t: Translate): string {
  const parts = namedBy.split(', ')
  const trusted = parts.includes(notProved) ? originIn(notProved, t) : t(`neuron.certainty.${certainty}`)
  return [trusted, ...parts.filter((part) => part !== notProved).map((part) => originIn(part, t))].join(', ')
}
