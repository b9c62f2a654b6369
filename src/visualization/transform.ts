import type { Random } from './random.ts'

/** How far the model's view of the picture is jittered. Without jitter, patterns appear that no human eye would notice. */
export interface TransformRange {
  /** In shares of the picture's side. */
  readonly shift: number
  readonly scale: readonly [low: number, high: number]
  /** Of rotation to either side. */
  readonly degrees: number
}

/** Maps a point of the view to one of the picture, both in pixels: x = a u + b v + c, y = d u + e v + f. */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

/** @param size of the picture in pixels @param side of the view in pixels */
export function randomView(random: Random, range: TransformRange, size: number, side: number): Affine {
  const scale = random.between(...range.scale)
  const turn = (random.between(-range.degrees, range.degrees) * Math.PI) / 180
  const dx = random.between(-range.shift, range.shift)
  const dy = random.between(-range.shift, range.shift)
  const pace = size / side / scale
  const [cos, sin] = [pace * Math.cos(turn), pace * Math.sin(turn)]
  const [middle, centre] = [(side - 1) / 2, (size - 1) / 2]
  return [
    cos,
    -sin,
    centre + dx * size - (cos - sin) * middle,
    sin,
    cos,
    centre + dy * size - (sin + cos) * middle,
  ]
}

/** Samples a view of [3, side, side] from a picture of [3, size, size]: bilinear, one background colour beyond the edge. */
export class View {
  /** For each pixel of the view, the index of the upper left of the four pixels it is made of; -1 beyond the edge. */
  readonly #from: Int32Array
  readonly #weights: Float32Array
  readonly #size: number

  constructor([a, b, c, d, e, f]: Affine, size: number, side: number) {
    this.#size = size
    this.#from = new Int32Array(side * side)
    this.#weights = new Float32Array(4 * side * side)
    for (let v = 0, n = 0; v < side; v++) {
      for (let u = 0; u < side; u++, n++) {
        const x = a * u + b * v + c
        const y = d * u + e * v + f
        const inside = x >= 0 && y >= 0 && x <= size - 1 && y <= size - 1
        if (!inside) {
          this.#from[n] = -1
          continue
        }
        const left = Math.min(Math.floor(x), size - 2)
        const top = Math.min(Math.floor(y), size - 2)
        const [p, q] = [x - left, y - top]
        this.#from[n] = top * size + left
        this.#weights.set([(1 - p) * (1 - q), p * (1 - q), (1 - p) * q, p * q], 4 * n)
      }
    }
  }

  /** @param into [3, side, side], filled with (value - mean) / std */
  look(
    picture: Float32Array,
    into: Float32Array,
    background: number,
    { mean, std }: { readonly mean: readonly number[]; readonly std: readonly number[] },
  ): void {
    const [from, weights, size] = [this.#from, this.#weights, this.#size]
    for (let channel = 0; channel < 3; channel++) {
      const plane = channel * size * size
      const scale = 1 / std[channel]!
      const start = channel * from.length
      for (let n = 0; n < from.length; n++) {
        let value = background
        if (from[n]! >= 0) {
          const at = plane + from[n]!
          const w = 4 * n
          value =
            weights[w]! * picture[at]! +
            weights[w + 1]! * picture[at + 1]! +
            weights[w + 2]! * picture[at + size]! +
            weights[w + 3]! * picture[at + size + 1]!
        }
        into[start + n] = (value - mean[channel]!) * scale
      }
    }
  }

  /** The backward pass of `look`: turns the gradient for the view into that for the picture, and adds it to `into`. */
  backward(towardsView: Float32Array, into: Float32Array, std: readonly number[]): void {
    const [from, weights, size] = [this.#from, this.#weights, this.#size]
    for (let channel = 0; channel < 3; channel++) {
      const plane = channel * size * size
      const scale = 1 / std[channel]!
      const start = channel * from.length
      for (let n = 0; n < from.length; n++) {
        if (from[n]! < 0) continue
        const dy = towardsView[start + n]! * scale
        const at = plane + from[n]!
        const w = 4 * n
        into[at]! += weights[w]! * dy
        into[at + 1]! += weights[w + 1]! * dy
        into[at + size]! += weights[w + 2]! * dy
        into[at + size + 1]! += weights[w + 3]! * dy
      }
    }
  }
}
