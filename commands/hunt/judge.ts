import type { Context } from '../../src/chat/context.ts'
import { waiting } from '../../src/chat/waiting.ts'
import { writingCandidates } from '../../src/games/fool/find-writing.ts'
import type { Box } from '../../src/games/fool/picture.ts'
import { blurredOut, mirrored } from '../../src/games/fool/region.ts'
import { huntClass, type Fired } from '../../src/games/hunt/standings.ts'
import type { Analysis, Engine, PictureInput } from '../../src/jobs/engine.ts'

/** So many places with strokes are tried, and the whole picture: a word may fill it. */
const candidates = 8
const whole: Box = { left: 0, top: 0, width: 1, height: 1 }

/** How strongly a picture fires a unit, and what is left of that without its writing. */
export async function judge(
  context: Context,
  unit: number,
  picture: PictureInput,
): Promise<{ fired: Fired; posted: Analysis }> {
  const run = waiting(context, 'Measuring how strongly it fires')
  return firedBy((input) => context.services.engine.analyse(input, { ...run, alone: true }), unit, picture)
}

/** @param analyse of one picture by itself, so that the same picture always scores the same */
export async function firedBy(
  analyse: (picture: PictureInput) => ReturnType<Engine['analyse']>,
  unit: number,
  picture: PictureInput,
): Promise<{ fired: Fired; posted: Analysis }> {
  const posted = await analyse(picture)
  const asPosted = posted.strengths[unit]!
  const { preview } = posted
  const strength = async (changed: PictureInput) => (await analyse(changed)).strengths[unit]!
  for (const box of [whole, ...writingCandidates(preview, candidates)]) {
    const blurred = await strength(blurredOut(preview, [box]))
    if (blurred >= asPosted / 2) continue
    const fired = {
      asPosted,
      writing: { blurred, mirrored: await strength(mirrored(preview, [box])) },
    }
    if (huntClass(fired) === 'read') return { fired, posted }
  }
  return { fired: { asPosted }, posted }
}
