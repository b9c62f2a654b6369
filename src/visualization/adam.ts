const beta1 = 0.9
const beta2 = 0.999
/**
 * Relative to the root mean square of all entries' gradients. With the paper's 1e-8, an entry whose gradient is a rounding
 * error takes a whole step in that error's direction: pictures came out noisier, and different on every kind of
 * processor.
 */
const epsilonShare = 0.1

/**
 * Adam for one variable (Kingma and Ba 2015, the end of section 2), as gradient ascent: `step` adds to `values` in place.
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
      const size = (rate * Math.sqrt(1 - beta2 ** time)) / (1 - beta1 ** time)
      let squares = 0
      for (let i = 0; i < values.length; i++) {
        const g = gradient[i]!
        first[i] = beta1 * first[i]! + (1 - beta1) * g
        squares += second[i] = beta2 * second[i]! + (1 - beta2) * g * g
      }
      // Without any gradient nothing moves, instead of becoming 0 / 0.
      const epsilon = epsilonShare * Math.sqrt(squares / values.length) || Number.MIN_VALUE
      for (let i = 0; i < values.length; i++) {
        values[i]! += (size * first[i]!) / (Math.sqrt(second[i]!) + epsilon)
      }
    },
  }
}
