import { Tensor } from 'onnxruntime-node'
import type { Pack } from '../clip/pack.ts'
import { UserError } from '../errors.ts'
import type { Facets } from './facets.ts'
import type { Objective, Position } from './objective.ts'
import { layerInputs } from './score-graph.ts'
import type { Weights } from './scorer.ts'

/** Weight of a unit's map before the ReLU, relative to that after it: a silent unit has no other gradient. */
const reachShare = 0.1
const smallestStd = 1e-3

/** The total weight of the terms of one kind. */
export const weightOf = (objective: Objective, kind: Objective[number]['kind']): number =>
  objective.reduce((sum, term) => (term.kind === kind ? sum + term.weight : sum), 0)

/**
 * The terms about units as weights over the map, so that one loaded graph serves all units.
 * @throws UserError 'bad-option' for a facet that the pack doesn't have
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

  const add = (unit: number, weight: number, position?: Position) => {
    const share = weight / rms[unit]!
    const [from, to, per] = position
      ? [position.row * width + position.column, position.row * width + position.column + 1, share]
      : [0, places, share / places]
    for (let at = unit * places + from; at < unit * places + to; at++) {
      strength[at]! += per
      if (weight > 0) reach[at]! += reachShare * per
    }
  }
  const measured = Array.from(rms.keys()).filter((unit) => rms[unit]! > 0)
  for (const term of objective) {
    if (term.kind === 'unit') add(term.unit, term.weight, term.position)
    if (term.kind === 'others') for (const unit of measured) add(unit, term.weight / measured.length)
  }
  const shape = [1, channels, height, width]
  return {
    strength: new Tensor('float32', strength, shape),
    reach: new Tensor('float32', reach, shape),
    ...(facets && usualFeeds(facets, objective)),
    ...facetFeeds(facets, objective),
  }
}

/** @throws UserError 'bad-option' for a facet that the pack doesn't have */
function facetOf(facets: Facets | undefined, wanted: string): Facets['facets'][number] {
  const facet = facets?.facets.find(({ name }) => name === wanted)
  if (facet) return facet
  const all = facets?.facets.map(({ name }) => name).join(', ')
  if (!all) throw new UserError('bad-option', 'neuron.visualize.noFacets', { values: { facet: wanted } })
  throw new UserError('bad-option', 'neuron.visualize.noFacet', { values: { facet: wanted, all } })
}

const perChannel = (data: readonly number[]): Tensor =>
  new Tensor('float32', Float32Array.from(data), [1, data.length, 1, 1])

/** A channel that hardly ever fires is left out: its z would be unbounded. */
const inverse = (std: readonly number[]): Tensor =>
  perChannel(std.map((value) => (value > smallestStd ? 1 / value : 0)))

/**
 * The mean is that of the facet's pictures if there is just one facet, else that of all pictures. The standard deviation
 * is that of all pictures in both cases: written words hardly differ from each other, so that their own would drown
 * everything else.
 */
function usualFeeds(facets: Facets, objective: Objective): Weights {
  const [named, ...more] = new Set(objective.flatMap((term) => (term.kind === 'facet' ? [term.facet] : [])))
  const middle = named !== undefined && more.length === 0 ? facetOf(facets, named).usual : facets.usual
  const feeds: Record<string, Tensor> = {
    unusual: new Tensor('float32', [weightOf(objective, 'unusual')], []),
  }
  for (const [n, { std, squareStd }] of facets.usual.entries()) {
    const names = layerInputs(n)
    const { mean, squareMean } = middle[n]!
    feeds[names.mean] = perChannel(mean)
    feeds[names.inverse] = inverse(std)
    feeds[names.squareMean] = perChannel(squareMean)
    feeds[names.squareInverse] = inverse(squareStd)
  }
  return feeds
}

function facetFeeds(facets: Facets | undefined, objective: Objective): Weights {
  const sums: number[][] = []
  for (const term of objective) {
    if (term.kind !== 'facet') continue
    for (const [n, weights] of facetOf(facets, term.facet).weights.entries()) {
      sums[n] = weights.map((weight, channel) => term.weight * weight + (sums[n]?.[channel] ?? 0))
    }
  }
  return Object.fromEntries(sums.map((sum, n) => [layerInputs(n).facet, perChannel(sum)]))
}
