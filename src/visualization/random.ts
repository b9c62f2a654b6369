/** A source of random numbers that says the same after the same seed, on every machine. */
export interface Random {
  /** Evenly spread over [low, high). */
  between(low: number, high: number): number
  /** Normal, mean 0 and standard deviation 1. */
  normal(): number
}

/** Mulberry32 (Tommy Ettinger, public domain), and Box and Muller's normals from it. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    between: (low, high) => low + (high - low) * next(),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  }
}

/** Enough that nothing repeats within a picture of the pocket pack, and little beside a large pack's picture. */
const POOL = 1 << 16

/** Normal numbers drawn once; each use begins at another place among them, for drawing them anew takes long. */
export function createNoise(random: Random): { addTo(values: Float32Array, size: number): void } {
  const pool = Float32Array.from({ length: POOL }, () => random.normal())
  return {
    addTo(values, size) {
      const start = Math.floor(random.between(0, POOL))
      for (let i = 0; i < values.length; i++) values[i]! += size * pool[(start + i) % POOL]!
    },
  }
}
