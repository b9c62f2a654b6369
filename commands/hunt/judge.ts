import type { Context } from '../../src/chat/context.ts'
import { waiting } from '../../src/chat/waiting.ts'
import type { Fired } from '../../src/games/hunt/standings.ts'
import type { Analysis, PictureInput } from '../../src/jobs/engine.ts'

const whole = { left: 0, top: 0, width: 1, height: 1 }

/** How strongly a picture fires a unit, as it is and mirrored; by itself, so that the same picture scores the same. */
export async function judge(
  context: Context,
  unit: number,
  entered: PictureInput,
): Promise<{ fired: Fired; posted: Analysis }> {
  const { engine, cards } = context.services
  const run = { ...waiting(context, 'Measuring how strongly it fires'), alone: true }
  const posted = await engine.analyse(entered, run)
  const picture = posted.preview
  const mirrored = await cards.draw('unreadable', { picture, boxes: [whole], how: 'mirrored' })
  const behind = await engine.analyse(mirrored, run)
  return { posted, fired: { asPosted: posted.strengths[unit]!, mirrored: behind.strengths[unit]! } }
}
