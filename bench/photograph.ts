import sharp from 'sharp'

/** Layers of detail: their size as a share of the picture's width, and how strong each is. */
const octaves = [
  [1 / 256, 0.5],
  [1 / 64, 0.24],
  [1 / 16, 0.13],
  [1 / 4, 0.07],
  [1, 0.15],
] as const

/**
 * A JPEG that is as hard to decode as a photograph: detail of all sizes, about a third of a byte for each pixel.
 * @param seed another one, another picture
 */
export async function photograph(width: number, height: number, seed: number): Promise<Buffer> {
  let state = seed
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const sum = new Float32Array(width * height * 3)
  for (const [share, weight] of octaves) {
    const [w, h] = [Math.ceil(width * share), Math.ceil(height * share)]
    const coarse = Uint8Array.from({ length: w * h * 3 }, () => 256 * random())
    const layer = await sharp(coarse, { raw: { width: w, height: h, channels: 3 } })
      .resize(width, height, { fit: 'fill', kernel: 'cubic' })
      .raw()
      .toBuffer()
    for (let i = 0; i < sum.length; i++) sum[i]! += weight * layer[i]!
  }
  return sharp(Uint8Array.from(sum), { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 88 })
    .toBuffer()
}
