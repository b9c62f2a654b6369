import { Tensor } from 'onnxruntime-node'
import type { Pack } from '../clip/pack.ts'
import { UserError } from '../errors.ts'
import type { Facets } from './facets.ts'
import type { Objective, Place } from './objective.ts'
import { facetInput } from './score-graph.ts'
import type { Weights } from './scorer.ts'

/** How much a unit's own map counts beside its ReLU: a silent unit has no other gradient. */
const REACH = 0.1

/** The total weight of the terms of one kind. */
export const weightOf = (objective: Objective, kind: Objective[number]['kind']): number =>
  objective.reduce((sum, term) => (term.kind === kind ? sum + term.weight : sum), 0)

/**
 * The terms about units as weights of the map, so that one loaded graph serves all units.
 * @throws UserError 'bad-option' for a facet that the pack has not
 */
export function weightsOf(pack: Pack, facets: Facets | undefined, objective: Objective): Weights {
  const {
    channels,
    map: [height, width],
  } = pack.facts.tap
  const { rms } = pack.baseline.after
  const places = height * width
  const strength = new Float32Array(channels * places)
  const reach = new Float32Array(channels * places)

  const add = (unit: number, weight: number, place?: Place) => {
    const share = weight / rms[unit]!
    const [from, to, per] = place
      ? [place.row * width + place.column, place.row * width + place.column + 1, share]
      : [0, places, share / places]
    for (let at = unit * places + from; at < unit * places + to; at++) {
      strength[at]! += per
      if (weight > 0) reach[at]! += REACH * per
    }
  }
  const measured = Array.from(rms.keys()).filter((unit) => rms[unit]! > 0)
  for (const term of objective) {
    if (term.kind === 'unit') add(term.unit, term.weight, term.place)
    if (term.kind === 'others') for (const unit of measured) add(unit, term.weight / measured.length)
  }
  const shape = [1, channels, height, width]
  return {
    strength: new Tensor('float32', strength, shape),
    reach: new Tensor('float32', reach, shape),
    ...(facets && { unusual: new Tensor('float32', [weightOf(objective, 'unusual')], []) }),
    ...facetFeeds(facets, objective),
  }
}

function facetFeeds(facets: Facets | undefined, objective: Objective): Record<string, Tensor> {
  const feeds: Record<string, Float32Array> = {}
  for (const term of objective) {
    if (term.kind !== 'facet') continue
    const facet = facets?.facets.find(({ name }) => name === term.facet)
    if (!facet) {
      const known = facets?.facets.map(({ name }) => name).join(', ')
      const sentence = known ? `its facets are ${known}` : 'it has no facets'
      throw new UserError('bad-option', `The pack knows no facet "${term.facet}"; ${sentence}.`)
    }
    for (const [n, weights] of facet.weights.entries()) {
      const sum = (feeds[facetInput(n)] ??= new Float32Array(weights.length))
      for (const [channel, weight] of weights.entries()) sum[channel]! += term.weight * weight
    }
  }
  return Object.fromEntries(
    Object.entries(feeds).map(([name, data]) => [name, new Tensor('float32', data, [1, data.length, 1, 1])]),
  )
}
