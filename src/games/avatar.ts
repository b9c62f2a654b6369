import { random, seedOf } from './seed.ts'

/** A unit that draws faces or shows an emotion. */
export interface AvatarUnit {
  readonly unit: number
  /** The mood it draws, for units of emotions: "happy". */
  readonly mood?: string
}

export interface Weighted {
  readonly unit: number
  /** Above 0; the squares of all weights add up to 1. */
  readonly weight: number
}

/** Units in a portrait; with more than a handful nothing is recognizable. */
const drawn = 5
/** How strongly a mood pulls, as a share of the whole portrait's squared weight. */
const pull = 0.5

/**
 * The direction that a portrait is drawn along, which is unique to the person. Each unit's weight is derived from the
 * person's id and the unit's number, so it is always the same, even when a pack gains units; the strongest few make the
 * portrait. A mood turns the direction towards that mood's units and keeps the rest of it.
 * @param units of the pack's face and emotion families, at least one
 */
export function avatarDirection(person: string, units: readonly AvatarUnit[], mood?: string): Weighted[] {
  const own = normalised(
    units
      .map(({ unit }) => ({ unit, weight: exponential(random(seedOf('avatar', person, unit))()) }))
      .sort((a, b) => b.weight - a.weight)
      .slice(0, drawn),
  )
  const moved = mood === undefined ? [] : units.filter((unit) => unit.mood === mood)
  if (moved.length === 0) return own
  const weights = new Map(own.map(({ unit, weight }) => [unit, weight * Math.sqrt(1 - pull)]))
  for (const { unit } of moved)
    weights.set(unit, Math.hypot(weights.get(unit) ?? 0, Math.sqrt(pull / moved.length)))
  return normalised([...weights].map(([unit, weight]) => ({ unit, weight })))
}

/** The seed of the picture that the portrait grows from: the person's, whatever their mood. */
export const avatarSeed = (person: string): number => seedOf('avatar', person)

/** From uniform to exponential: such weights are uniformly distributed over all mixtures of units. */
const exponential = (evenly: number): number => -Math.log(1 - evenly)

function normalised(weights: readonly Weighted[]): Weighted[] {
  const length = Math.hypot(...weights.map(({ weight }) => weight))
  return weights
    .map(({ unit, weight }) => ({ unit, weight: weight / length }))
    .sort((a, b) => b.weight - a.weight || a.unit - b.unit)
}
