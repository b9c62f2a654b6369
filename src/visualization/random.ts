/** A source of random numbers: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform over [low, high). */
  between(low: number, high: number): number
  /** Normal, mean 0 and standard deviation 1. */
  normal(): number
}

/** Mulberry32 (Tommy Ettinger, public domain), with the Box-Muller transform for normals. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  /** Box-Muller gives normals in pairs: the second one. */
  let spare: number | undefined
  return {
    between: (low, high) => low + (high - low) * next(),
    normal() {
      if (spare !== undefined) {
        const normal = spare
        spare = undefined
        return normal
      }
      const length = Math.sqrt(-2 * Math.log(1 - next()))
      const angle = 2 * Math.PI * next()
      spare = length * Math.sin(angle)
      return length * Math.cos(angle)
    },
  }
}
