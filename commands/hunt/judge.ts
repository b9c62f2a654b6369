import type { Context } from '../../src/chat/context.ts'
import { waiting } from '../../src/chat/waiting.ts'
import { mirrored } from '../../src/pictures/region.ts'
import type { Fired } from '../../src/games/hunt/standings.ts'
import type { Analysis, PictureInput } from '../../src/jobs/engine.ts'

const whole = { left: 0, top: 0, width: 1, height: 1 }

/** How strongly a picture fires a unit, as it is and mirrored; by itself, so that the same picture scores the same. */
export async function judge(
  context: Context,
  unit: number,
  picture: PictureInput,
): Promise<{ fired: Fired; posted: Analysis }> {
  const { engine } = context.services
  const run = { ...waiting(context, 'Measuring how strongly it fires'), alone: true }
  const posted = await engine.analyse(picture, run)
  const behind = await engine.analyse(mirrored(posted.preview, [whole]), run)
  return { posted, fired: { asPosted: posted.strengths[unit]!, mirrored: behind.strengths[unit]! } }
}
