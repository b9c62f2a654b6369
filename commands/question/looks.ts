import sharp from 'sharp'
import type { Services } from '../../src/chat/services.ts'
import type { RunOptions } from '../../src/jobs/engine.ts'

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
  options: RunOptions & { readonly facet?: string | undefined } = {},
): Promise<Look> {
  const { facet, ...run } = options
  const made = await gallery?.thumbnail(unit, facet)
  if (made) return { facet, bytes: await shown(sharp(made)) }
  const request = { direction: [{ unit, weight: 1 }], budgetMs, ...(facet !== undefined && { facet }) }
  const { picture } = await engine.visualize(request, run)
  const { width, height, data } = picture
  return { facet, bytes: await shown(sharp(data, { raw: { width, height, channels: 3 } })) }
}

const shown = (picture: ReturnType<typeof sharp>): Promise<Uint8Array> =>
  picture.resize(side, side, { kernel: 'cubic' }).jpeg(jpeg).toBuffer()
