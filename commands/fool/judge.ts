import { percent } from '../../src/chat/words.ts'
import { waiting } from '../../src/chat/waiting.ts'
import type { Context } from '../../src/chat/context.ts'
import type { Box, RawPicture } from '../../src/pictures/picture.ts'
import { sharpOf } from '../../src/pictures/raw.ts'
import { UserError } from '../../src/errors.ts'
import { mostWriting } from '../../src/pictures/find-writing.ts'
import { type Answer, probabilityOf, verdict } from '../../src/games/fool/score.ts'
import type { Classification, ClassifyOptions } from '../../src/jobs/engine.ts'
import { pictureOf } from './contests.ts'
import type { Contest, ContestEntry } from './records.ts'

/** Contest pictures are kept as JPEGs of this quality, and exactly those bytes are scored. */
const quality = 92
/** If no box was drawn, this many places are tried by blurring them. */
const candidates = 12
const unitsKept = 12
const wholePicture: Box = { left: 0, top: 0, width: 1, height: 1 }

export const asJpeg = (picture: RawPicture): Promise<Uint8Array> =>
  sharpOf(picture).jpeg({ quality, chromaSubsampling: '4:4:4' }).toBuffer()

type Looking = Pick<Context, 'services' | 'place' | 'person' | 'signal' | 'progress' | 't'>

/** Pictures of contests are scored one at a time, so that the same bytes always give the same score. */
export const look = (
  context: Looking,
  picture: Uint8Array | RawPicture,
  labels: readonly string[],
  options: Pick<ClassifyOptions, 'maps' | 'explain'> = {},
): Promise<Classification> =>
  context.services.engine.classify(picture, labels, {
    ...waiting(context, context.t('fool.judge.measuring')),
    alone: true,
    ...options,
  })

/** The contest's picture before anybody wrote on it. */
export async function lookAtClean(context: Context, contest: Contest): Promise<Classification> {
  const { bytes } = await pictureOf(context.services.store, contest, contest.picture)
  return look(context, bytes, contest.labels, { explain: () => [contest.target] })
}

/** An entry with everything that explains it: which unit carried it is known only once its shares are. */
export const lookAtPosted = (
  context: Looking,
  { labels, target }: Contest,
  picture: Uint8Array,
): Promise<Classification> => look(context, picture, labels, { maps: 'all', explain: () => [target] })

/** What was measured about a picture, with the answers that explain it. */
export interface Judged {
  readonly entry: Pick<
    ContestEntry,
    'verdict' | 'scores' | 'writing' | 'mirrored' | 'blurred' | 'on' | 'provider'
  >
  readonly posted: Classification
}

/** The contest's picture before anybody wrote on it, as it was measured. */
type Clean = Pick<Classification, 'preview'> & { readonly scores: Answer }

/**
 * An edited picture: it fools if the target is the top label as posted and also if only the inked pixels are
 * laid over the original, so that noise too faint to count wins nothing.
 * @throws UserError 'bad-picture' if it is no longer the same picture, or has more ink than is allowed.
 */
export async function lookAtEdit(context: Looking, contest: Contest, clean: Clean, bytes: Uint8Array) {
  const { cards } = context.services
  const { target, labels, inkLimit } = contest
  const posted = await lookAtPosted(context, contest, bytes)
  const ink = await cards.draw('ink', { original: clean.preview, entry: posted.preview })
  if (ink.share === 0) throw new UserError('bad-option', 'fool.judge.noInk')
  if (inkLimit !== undefined && ink.share > inkLimit)
    throw new UserError('not-allowed', 'fool.judge.overLimit', {
      values: { share: percent(ink.share, context.t), limit: percent(inkLimit, context.t) },
    })
  const onlyInk = await look(context, ink.laid, labels)
  return {
    posted,
    ink,
    verdict: verdict(target, {
      kind: 'edited',
      clean: clean.scores,
      asPosted: posted.scores,
      laidOver: onlyInk.scores,
      ink: ink.share,
    }),
  }
}

/** The same, with what explains it. @throws UserError as `lookAtEdit` does. */
export async function judgeEdit(context: Context, contest: Contest, bytes: Uint8Array): Promise<Judged> {
  const clean = await lookAtClean(context, contest)
  const { posted, ink, verdict } = await lookAtEdit(context, contest, clean, bytes)
  return {
    posted,
    entry: {
      verdict,
      ...(await trials(context, contest, ink.laid, ink.writing)),
      ...asPosted(posted, clean),
    },
  }
}

/**
 * A photograph of the thing with a label on it: it fools if the target is the top label, and no longer is once the
 * writing is blurred, nor in a mirror, so that a photograph of the target itself wins nothing.
 * @param given where the writing is, if the player said so
 */
export async function judgePhotograph(
  context: Context,
  contest: Contest,
  bytes: Uint8Array,
  given?: Box,
): Promise<Judged> {
  const { target, labels } = contest
  const clean = await lookAtClean(context, contest)
  const posted = await lookAtPosted(context, contest, bytes)
  const box = given ?? (await findWriting(context, contest, posted))
  if (box.width * box.height > mostWriting)
    throw new UserError('bad-option', 'fool.judge.bigBox', {
      values: {
        share: percent(box.width * box.height, context.t),
        most: percent(mostWriting, context.t),
      },
    })
  const blurred = await lookUnread(context, labels, posted.preview, [box], 'blurred')
  // A box around the target itself would pass that test. In a mirror a thing stays what it was, and writing does not.
  const inMirror = await lookUnread(context, labels, posted.preview, [wholePicture], 'mirrored')
  return {
    posted,
    entry: {
      verdict: verdict(target, {
        kind: 'photograph',
        clean: clean.scores,
        asPosted: posted.scores,
        blurred: blurred.scores,
        mirrored: inMirror.scores,
      }),
      ...(await trials(context, contest, posted.preview, [box])),
      ...asPosted(posted, clean),
    },
  }
}

const asPosted = ({ scores, provider, strengths }: Classification, clean: Classification) => ({
  scores: scores.map(({ probability }) => probability),
  on: Array.from(strengths, (strength, unit) => ({ unit, change: strength - clean.strengths[unit]! }))
    .filter(({ change }) => change > 0)
    .sort((a, b) => b.change - a.change)
    .slice(0, unitsKept),
  provider,
})

async function trials(
  context: Context,
  { target, labels }: Contest,
  picture: RawPicture,
  writing: readonly Box[],
) {
  const seen = async (how: 'mirrored' | 'blurred') =>
    probabilityOf((await lookUnread(context, labels, picture, writing, how)).scores, target)
  return { writing: [...writing], mirrored: await seen('mirrored'), blurred: await seen('blurred') }
}

/** What the model sees once the writing cannot be read. */
async function lookUnread(
  context: Context,
  labels: readonly string[],
  picture: RawPicture,
  boxes: readonly Box[],
  how: 'mirrored' | 'blurred',
): Promise<Classification> {
  return look(context, await context.services.cards.draw('unreadable', { picture, boxes, how }), labels)
}

/** Of the places with strokes, the one without which the target loses most. */
async function findWriting(
  context: Context,
  { target, labels }: Contest,
  { preview: picture }: Classification,
): Promise<Box> {
  let best: { box: Box; left: number } | undefined
  for (const box of await context.services.cards.draw('writingPlaces', { picture, limit: candidates })) {
    const left = probabilityOf((await lookUnread(context, labels, picture, [box], 'blurred')).scores, target)
    if (!best || left < best.left) best = { box, left }
  }
  if (best) return best.box
  throw new UserError('bad-picture', 'fool.judge.noWriting')
}
