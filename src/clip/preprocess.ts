import type { RawPicture } from '../pictures/picture.ts'

/** @returns (v / 255 - mean) / std of each channel: [3, side, side]. */
export function preprocess(
  square: RawPicture,
  { mean, std }: { mean: readonly number[]; std: readonly number[] },
): Float32Array {
  const pixels = square.width * square.height
  const tensor = new Float32Array(3 * pixels)
  for (let channel = 0; channel < 3; channel++) {
    const table = Float32Array.from({ length: 256 }, (_, v) => (v / 255 - mean[channel]!) / std[channel]!)
    for (let i = 0; i < pixels; i++) tensor[channel * pixels + i] = table[square.data[i * 3 + channel]!]!
  }
  return tensor
}
