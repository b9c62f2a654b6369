import sharp from 'sharp'
import type { Pack } from '../../clip/pack.ts'
import { topLabel } from '../../games/fool/score.ts'
import { alike } from '../../games/question.ts'
import type { Engine, RunOptions } from '../../jobs/engine.ts'
import type { RawPicture } from '../../pictures/picture.ts'
import { rawOf } from '../../pictures/raw.ts'

/** How much is cut off for a view of a corner, and how far a view is blurred: shares of the side. */
const cutOff = 1 / 8
const blurred = 1 / 64

/**
 * Says how recognisable a picture of a unit is: in which share of several views the pack's own zero-shot puts the unit's
 * name first among the names of all units. Among four names it was always right on 385 of 468 pictures, which selects
 * hardly anything.
 */
export type Judge = (picture: Uint8Array, unit: number, options?: RunOptions) => Promise<number>

export function createJudge({ units }: Pick<Pack, 'units'>, engine: Pick<Engine, 'classify'>): Judge {
  const nameOf = new Map(units.map(({ unit, name }) => [unit, name]))
  // One list for all pictures, so that the engine keeps its embeddings.
  const names = [...new Set(nameOf.values())]
  return async (picture, unit, options) => {
    const views = await viewsOf(picture)
    let right = 0
    for (const view of views) {
      const { scores } = await engine.classify(view, names, options)
      if (alike(topLabel(scores)!, nameOf.get(unit)!)) right++
    }
    return right / views.length
  }
}

/** Views in which a person would still recognise a thing, but which might undo what was made to please the model. */
async function viewsOf(picture: Uint8Array): Promise<RawPicture[]> {
  const { width } = await sharp(picture).metadata()
  const side = Math.round((1 - cutOff) * width)
  const corner = (at: number) => sharp(picture).extract({ left: at, top: at, width: side, height: side })
  const views = [
    sharp(picture),
    sharp(picture).flop(),
    sharp(picture).blur(blurred * width),
    corner(0),
    corner(width - side),
  ]
  return Promise.all(views.map(rawOf))
}
