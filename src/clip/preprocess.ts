import type { RawPicture } from '../pictures/picture.ts'

/**
 * @param tensor what it is written to, a new one if left out
 * @returns (v / 255 - mean) / std of each channel: [3, side, side].
 */
export function preprocess(
  square: RawPicture,
  { mean, std }: { mean: readonly number[]; std: readonly number[] },
  tensor = new Float32Array(3 * square.width * square.height),
): Float32Array {
  const { data } = square
  const pixels = square.width * square.height
  for (let channel = 0; channel < 3; channel++) {
    const table = Float32Array.from({ length: 256 }, (_, v) => (v / 255 - mean[channel]!) / std[channel]!)
    for (let from = channel, to = channel * pixels; from < data.length; from += 3, to++)
      tensor[to] = table[data[from]!]!
  }
  return tensor
}
