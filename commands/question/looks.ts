import sharp, { type Sharp } from 'sharp'
import type { Services } from '../../src/chat/services.ts'
import { UserError } from '../../src/errors.ts'
import type { RunOptions } from '../../src/jobs/engine.ts'
import { sharpOf } from '../../src/pictures/raw.ts'
import type { Unit } from '../../src/neurons/catalogue.ts'
import type { Gallery } from '../../src/visualization/gallery.ts'

/** Side of what people see, in pixels; what is computed is smaller. */
const side = 384
const jpeg = { quality: 90 } as const
/** Sharp enough to recognise; a busy machine stops earlier. */
const budgetMs = 20_000

/** Kinds of pictures to ask with. Not 'word': there a unit may show its written name. */
export const askingFacets = ['drawing', 'photo'] as const

/** In how many views of a picture its unit's name must have come first: for beginners, and for the practised. */
export const recognised = { easy: 0.9, hard: 0.6 }

/** A facet of a unit, or none: what it looks for in any kind of picture. */
export interface Look {
  readonly facet?: string | undefined
  readonly bytes: Uint8Array
}

interface LookOptions extends RunOptions {
  readonly facet?: string | undefined
  /** For a picture that is made now and should differ from the usual one. */
  readonly seed?: number
}

/**
 * Units by what they look for: those with a recognisable picture and a sure name, those with a recognisable picture,
 * and all others.
 * @param least in how many views of a picture its name must have come first, 0 to 1
 */
export function byLook(
  units: readonly Unit[],
  gallery: Gallery,
  least: number,
  facet?: string,
): [sure: Unit[], told: Unit[], others: Unit[]] {
  const tiers: [Unit[], Unit[], Unit[]] = [[], [], []]
  for (const unit of units) {
    const isTold = (gallery.find(unit.unit, facet)?.recognised ?? 0) >= least
    const isSure = unit.certainty === 'agreed' || unit.certainty === 'published'
    tiers[isTold ? (isSure ? 0 : 1) : 2].push(unit)
  }
  return tiers
}

/** A picture of what a unit looks for, as a JPEG: from the pack's gallery if it has one, otherwise made now. */
export async function lookOf(
  { engine, gallery }: Services,
  unit: number,
  options: LookOptions = {},
): Promise<Look> {
  const { facet, seed, ...run } = options
  const made = seed === undefined ? await gallery.thumbnail(unit, facet) : undefined
  if (made) return { facet, bytes: await shown(sharp(made), side) }
  const request = {
    direction: [{ unit, weight: 1 }],
    budgetMs,
    ...(facet !== undefined && { facet }),
    ...(seed !== undefined && { seed }),
  }
  const { picture } = await engine.visualize(request, run)
  return { facet, bytes: await shown(sharpOf(picture), side) }
}

/** The same for one kind of picture; undefined for a pack that cannot tell that kind apart. */
export async function facetLookOf(
  services: Services,
  unit: number,
  options: LookOptions & { readonly facet: string },
): Promise<Look | undefined> {
  try {
    return await lookOf(services, unit, options)
  } catch (error) {
    if (error instanceof UserError && error.code === 'bad-option') return undefined
    throw error
  }
}

/** A small picture as people see it. @param side in pixels */
export const shown = (picture: Sharp, side: number): Promise<Uint8Array> =>
  picture.resize(side, side, { kernel: 'cubic' }).jpeg(jpeg).toBuffer()
