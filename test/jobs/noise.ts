import sharp from 'sharp'
import { projectRoot } from '../../src/root.ts'

export const packFolder = `${projectRoot}/models/pocket`

/** A different picture for each seed: noise, no two of which look alike to a model. */
export async function noise(seed: number, { width = 96, height = 64 } = {}): Promise<Buffer> {
  const pixels = Uint8Array.from(
    { length: width * height * 3 },
    (_, i) => ((i + 1) * (seed + 7) * 2_654_435_761) >>> 24,
  )
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}
