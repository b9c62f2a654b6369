import sharp from 'sharp'
import type { Services } from '../src/chat/services.ts'
import type { RawPicture } from '../src/clip/picture.ts'
import type { RunOptions } from '../src/jobs/engine.ts'

/** Side of what people see, in pixels; what is computed is smaller. */
const side = 384
const jpeg = { quality: 90 } as const
/** Sharp enough to recognise; a machine that is busy stops before. */
const budgetMs = 20_000

/** Kinds of pictures to ask with. Not 'word': there a unit may show its written name. */
export const askingFacets = ['drawing', 'photo'] as const

/** A facet of a unit, or none: what it looks for in any kind of picture. */
export interface Look {
  readonly facet?: string | undefined
  readonly bytes: Uint8Array
}

/** A picture of what a unit looks for, as a JPEG: of the pack's gallery where it has it, otherwise made now. */
export async function lookOf(
  { engine, gallery }: Services,
  unit: number,
  options: RunOptions & { readonly facet?: string | undefined; readonly seed?: number } = {},
): Promise<Look> {
  const { facet, seed, ...run } = options
  const made = seed === undefined ? await gallery?.thumbnail(unit, facet) : undefined
  if (made)
    return { facet, bytes: await sharp(made).resize(side, side, { kernel: 'cubic' }).jpeg(jpeg).toBuffer() }
  const request = { direction: [{ unit, weight: 1 }], budgetMs }
  const { picture } = await engine.visualize(
    { ...request, ...(facet !== undefined && { facet }), ...(seed !== undefined && { seed }) },
    run,
  )
  return { facet, bytes: await asShown(picture) }
}

export const asShown = ({ width, height, data }: RawPicture, size = side): Promise<Uint8Array> =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .resize(size, size, { kernel: 'cubic' })
    .jpeg(jpeg)
    .toBuffer()
