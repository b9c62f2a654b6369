import type { Context } from '../../src/chat/context.ts'
import { waiting } from '../../src/chat/waiting.ts'
import type { Fired } from '../../src/games/hunt/standings.ts'
import type { Analysis, PictureInput } from '../../src/jobs/engine.ts'
import type { Box, RawPicture } from '../../src/pictures/picture.ts'
import { rawOf, sharpOf } from '../../src/pictures/raw.ts'

const whole: Box = { left: 0, top: 0, width: 1, height: 1 }

/** Windows of these sizes, this many a side, so that a small thing in a large picture is seen as well. */
const windows: readonly Box[] = [
  { share: 0.6, aSide: 2 },
  { share: 0.4, aSide: 3 },
].flatMap(({ share, aSide }) =>
  Array.from({ length: aSide * aSide }, (_, i) => ({
    left: ((i % aSide) * (1 - share)) / (aSide - 1),
    top: (Math.floor(i / aSide) * (1 - share)) / (aSide - 1),
    width: share,
    height: share,
  })),
)

/**
 * How strongly a picture fires a unit where it fires it most, the whole or a part, as it is and mirrored; each by
 * itself, so that the same picture scores the same.
 */
export async function judge(
  context: Context,
  unit: number,
  entered: PictureInput,
): Promise<{ fired: Fired; posted: Analysis }> {
  const { engine, cards } = context.services
  const run = { ...waiting(context, context.t('hunt.measuring')), alone: true }
  const posted = await engine.analyse(entered, run)
  let best = { picture: posted.preview, strength: posted.strengths[unit]! }
  for (const box of windows) {
    const part = await cutOut(posted.preview, box)
    const strength = (await engine.analyse(part, run)).strengths[unit]!
    if (strength > best.strength) best = { picture: part, strength }
  }
  const { picture, strength } = best
  const mirrored = await cards.draw('unreadable', { picture, boxes: [whole], how: 'mirrored' })
  const behind = await engine.analyse(mirrored, run)
  return { posted, fired: { asPosted: strength, mirrored: behind.strengths[unit]! } }
}

function cutOut(picture: RawPicture, box: Box): Promise<RawPicture> {
  const { width, height } = picture
  const size = {
    width: Math.max(1, Math.round(box.width * width)),
    height: Math.max(1, Math.round(box.height * height)),
  }
  const left = Math.min(width - size.width, Math.round(box.left * width))
  const top = Math.min(height - size.height, Math.round(box.top * height))
  return rawOf(sharpOf(picture).extract({ left, top, ...size }))
}
