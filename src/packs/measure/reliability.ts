import type { ReliabilityCurve } from '../../clip/pack-schema.ts'

/** One answer: the figure that the model gave with it, whether it was right, and its weight. */
export interface Answered {
  readonly said: number
  readonly right: boolean
  readonly weight: number
}

/** The fewest answers behind a point of the curve. */
const leastInPoint = 40
const bins = 10

interface Block {
  at: number
  right: number
  weight: number
  pictures: number
}

/**
 * How often answers are right, by the model's figure: isotonic regression (pool adjacent violators), so the curve never
 * falls. Points are smoothed by one right and one wrong answer each (Laplace), so that none claims more than its answers
 * can show.
 */
export function reliabilityPoints(answers: readonly Answered[]): ReliabilityCurve['points'] {
  const sorted = answers.toSorted((a, b) => a.said - b.said)
  const size = Math.max(1, Math.min(leastInPoint, Math.floor(sorted.length / 3)))
  const blocks: Block[] = []
  const pool = (a: Block, b: Block): Block => ({
    at: (a.at * a.weight + b.at * b.weight) / (a.weight + b.weight),
    right: (a.right * a.weight + b.right * b.weight) / (a.weight + b.weight),
    weight: a.weight + b.weight,
    pictures: a.pictures + b.pictures,
  })
  for (let from = 0; from < sorted.length; from += size) {
    // The last block takes the remainder.
    const to = sorted.length - from < 2 * size ? sorted.length : from + size
    blocks.push(sorted.slice(from, to).map(blockOf).reduce(pool))
    if (to === sorted.length) break
  }
  const rising: Block[] = []
  for (const block of blocks) {
    let pooled = block
    while (rising.length > 0 && rising.at(-1)!.right >= pooled.right) pooled = pool(rising.pop()!, pooled)
    rising.push(pooled)
  }
  return rising.map(({ at, right, pictures }) => ({
    at: Number(at.toPrecision(5)),
    right: Number(((right * pictures + 1) / (pictures + 2)).toFixed(4)),
    pictures,
  }))
}

const blockOf = ({ said, right, weight }: Answered): Block => ({
  at: said,
  right: Number(right),
  weight,
  pictures: 1,
})

/** Expected calibration error of `claim`, over bins with equally many answers. */
export function calibrationError(answers: readonly Answered[], claim: (said: number) => number): number {
  const sorted = answers.toSorted((a, b) => a.said - b.said)
  const all = sorted.reduce((sum, { weight }) => sum + weight, 0)
  let error = 0
  for (let bin = 0; bin < bins; bin++) {
    const some = sorted.slice(
      Math.floor((bin * sorted.length) / bins),
      Math.floor(((bin + 1) * sorted.length) / bins),
    )
    const gap = some.reduce((sum, { said, right, weight }) => sum + weight * (claim(said) - Number(right)), 0)
    error += Math.abs(gap)
  }
  return error / all
}
