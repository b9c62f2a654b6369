import type { Baseline } from '../../clip/pack-schema.ts'
import type { Activations } from './activations.ts'

const keptDigits = 5
/** Widths of histogram bins: fine where most pictures are, coarser further out. */
const binSteps = [
  { upTo: 4, step: 0.25 },
  { upTo: 10, step: 0.5 },
  { upTo: 20, step: 1 },
  { upTo: Infinity, step: 2 },
]

const rounded = (value: number): number => Number(value.toPrecision(keptDigits))

/** Statistics of each unit over these pictures. */
export function baselineOf({ before, after }: Activations, probeSet: string): Baseline {
  const units = after[0]!.length
  const strengths = statisticsOf(after, units)
  const sigmas = (unit: number) =>
    after.map((row) => (strengths.rms[unit]! > 0 ? row[unit]! / strengths.rms[unit]! : 0))
  const strongest = Math.max(...strengths.max.map((max, unit) => (max > 0 ? max / strengths.rms[unit]! : 0)))
  const edges = edgesUpTo(strongest)
  const perUnit = <T>(f: (unit: number) => T): T[] => Array.from({ length: units }, (_, unit) => f(unit))
  return {
    probeSet,
    pictures: after.length,
    before: statisticsOf(before, units),
    after: strengths,
    activeShare: perUnit((unit) => rounded(after.filter((row) => row[unit]! > 0).length / after.length)),
    histogram: { edges, counts: perUnit((unit) => countsOf(sigmas(unit), edges)) },
  }
}

function statisticsOf(rows: readonly Float32Array[], units: number): Baseline['after'] {
  const [mean, std, rms, max]: number[][] = [[], [], [], []]
  for (let unit = 0; unit < units; unit++) {
    let sum = 0
    let squares = 0
    let most = -Infinity
    for (const row of rows) {
      const value = row[unit]!
      sum += value
      squares += value * value
      most = Math.max(most, value)
    }
    const average = sum / rows.length
    mean!.push(rounded(average))
    std!.push(rounded(Math.sqrt(Math.max(0, squares / rows.length - average ** 2))))
    rms!.push(rounded(Math.sqrt(squares / rows.length)))
    max!.push(rounded(most))
  }
  return { mean: mean!, std: std!, rms: rms!, max: max! }
}

/** From 0 to beyond `strongest`. */
function edgesUpTo(strongest: number): number[] {
  const edges = [0]
  while (edges.at(-1)! <= strongest) {
    const last = edges.at(-1)!
    edges.push(last + binSteps.find(({ upTo }) => last < upTo)!.step)
  }
  return edges
}

function countsOf(values: readonly number[], edges: readonly number[]): number[] {
  const counts = Array<number>(edges.length - 1).fill(0)
  for (const value of values) counts[edges.findLastIndex((edge) => edge <= value)]!++
  return counts
}
