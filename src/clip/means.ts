import type { ActivationMap } from './picture-encoder.ts'

/** The mean of each unit over the places of its map, before and after the ReLU. */
export interface UnitMeans {
  readonly before: Float32Array
  readonly after: Float32Array
}

export function meansOf({ channels, height, width, data }: ActivationMap): UnitMeans {
  const places = height * width
  const before = new Float32Array(channels)
  const after = new Float32Array(channels)
  for (let unit = 0, at = 0; unit < channels; unit++) {
    let sum = 0
    let fired = 0
    for (let place = 0; place < places; place++, at++) {
      sum += data[at]!
      fired += Math.max(0, data[at]!)
    }
    before[unit] = sum / places
    after[unit] = fired / places
  }
  return { before, after }
}
