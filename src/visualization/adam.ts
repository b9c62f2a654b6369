const BETA1 = 0.9
const BETA2 = 0.999
const EPSILON = 1e-8

/**
 * One variable's Adam (Kingma and Ba 2015, algorithm 1), climbing: `step` adds to `values` in place.
 * @param rate learning rate
 */
export function createAdam(values: Float32Array): {
  step(gradient: Float32Array, rate: number): void
} {
  const first = new Float32Array(values.length)
  const second = new Float32Array(values.length)
  let time = 0
  return {
    step(gradient, rate) {
      time++
      const size = (rate * Math.sqrt(1 - BETA2 ** time)) / (1 - BETA1 ** time)
      const epsilon = EPSILON * Math.sqrt(1 - BETA2 ** time)
      for (let i = 0; i < values.length; i++) {
        const g = gradient[i]!
        const m = (first[i] = BETA1 * first[i]! + (1 - BETA1) * g)
        const v = (second[i] = BETA2 * second[i]! + (1 - BETA2) * g * g)
        values[i]! += (size * m) / (Math.sqrt(v) + epsilon)
      }
    },
  }
}
