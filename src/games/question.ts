import { random, shuffled } from './seed.ts'

/** What a question needs to know about a unit. */
export interface Named {
  readonly unit: number
  readonly name: string
  readonly family?: string | undefined
  /** Never a wrong choice, whatever the community allows. */
  readonly sensitive?: boolean | undefined
  /** Labels that fire it most: a unit with such a name would be right, too. */
  readonly fires?: readonly string[] | undefined
}

export interface Question {
  readonly unit: number
  readonly choices: readonly string[]
  /** Index of the right one. */
  readonly answer: number
}

/** How many names to choose from, including the right one. */
const choicesGiven = 4
/** Wrong choices come from this many of the units that are most similar to the one in question. */
const likeliest = 8

/** A unit that was shown, and in which round through all units. */
export interface Shown {
  readonly round: number
  readonly unit: number
}

const isAny = (tier: readonly number[]): boolean => tier.length > 0

/**
 * A community's next neuron. None is shown twice before all were shown; then a new round begins.
 * @param tiers the units that may be shown now, at least one; those of a tier come before those of the next
 * @param seed of the choice among those left
 */
export function nextNeuron(
  tiers: readonly (readonly number[])[],
  shown: readonly Shown[],
  seed: number,
): Shown {
  const round = Math.max(0, ...shown.map((each) => each.round))
  const seen = new Set(shown.filter((each) => each.round === round).map(({ unit }) => unit))
  const left = tiers.map((tier) => tier.filter((unit) => !seen.has(unit))).find(isAny)
  const from = left ?? tiers.find(isAny) ?? []
  const unit = from[Math.floor(random(seed)() * from.length)]
  if (unit === undefined) throw new RangeError('there is no unit to show')
  return { round: left ? round : round + 1, unit }
}

/**
 * Which name is this unit's? The wrong names are plausible: first from its family, then of the units most similar to it,
 * then any. None is sensitive, resembles another choice, or names something that fires the unit, so that only one is right.
 * @param like numbers of other units, the most similar first
 */
export function question(
  asked: Named,
  others: readonly Named[],
  like: readonly number[],
  seed: number,
): Question {
  const next = random(seed)
  const family = others.filter((other) => asked.family !== undefined && other.family === asked.family)
  const near = like.slice(0, likeliest).flatMap((unit) => others.filter((other) => other.unit === unit))
  const names = [asked.name]
  const { fires = [] } = asked
  for (const { unit, name, sensitive } of [family, near, others].flatMap((group) => shuffled(group, next))) {
    if (names.length === choicesGiven) break
    if (unit === asked.unit || sensitive || [...names, ...fires].some((taken) => alike(taken, name))) continue
    names.push(name)
  }
  const choices = shuffled(names, next)
  return { unit: asked.unit, choices, answer: choices.indexOf(asked.name) }
}

/** Whether one name could be mistaken for the other: one contains the other, or longer names differ in one letter. */
export function alike(a: string, b: string): boolean {
  const [left = '', right = ''] = [a, b].map((name) => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ''))
  return left.includes(right) || right.includes(left) || oneLetterApart(left, right)
}

/** As "woman" and "women" do; in short names, such as "cat" and "car", one letter makes another word. */
function oneLetterApart(a: string, b: string): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  if (short.length < 5 || long.length - short.length > 1) return false
  let same = 0
  while (same < short.length && short[same] === long[same]) same++
  return short.slice(short.length === long.length ? same + 1 : same) === long.slice(same + 1)
}

/** What the right answer to a spotlight is worth in /scores. */
export const spotlightPoints = 3
