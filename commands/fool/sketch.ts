import { settingsOf } from '../../src/chat/community.ts'
import type { ActionContext } from '../../src/chat/context.ts'
import type { PictureSource } from '../../src/chat/options.ts'
import type { Bar } from '../../src/chat/reply.ts'
import type { OpenSketch, SketchContext, SketchView } from '../../src/chat/sketch.ts'
import { percent } from '../../src/chat/words.ts'
import { UserError } from '../../src/errors.ts'
import type { Translate } from '../../src/language.ts'
import { topLabel } from '../../src/games/fool/score.ts'
import { withOverlay } from '../../src/pictures/overlay.ts'
import { unpackPreview } from '../../src/pictures/preview.ts'
import { barsOf } from './bars.ts'
import { pictureOf, running } from './contests.ts'
import type { EnteredData } from './entry-reply.ts'
import { asJpeg, judgeEdit, lookAtEdit } from './judge.ts'
import { entered, entryId, whose } from './play.ts'
import type { Contest, ContestEntry } from './records.ts'
import { altOf } from './words.ts'
import { mustBePolite } from './writing.ts'

const bars = 5

/** The contest's picture, to be drawn on. */
export async function openSketch(context: SketchContext, number: number): Promise<OpenSketch> {
  const contest = await running(context, number)
  const { bytes, spoiler } = await pictureOf(context.services.store, contest, contest.picture)
  const t = context.translators.person
  const seen = topLabel(cleanScores(contest))!
  return {
    picture: {
      bytes,
      mimeType: 'image/jpeg',
      name: `contest-${number}.jpg`,
      alt: altOf(contest, t),
      spoiler,
    },
    view: {
      sentence: t('fool.sketch.begin', { seen, target: contest.target }),
      bars: barsFor(contest, undefined, t),
      succeeds: false,
    },
  }
}

/** What the model makes of a drawing: of exactly the pixels that would be entered. */
export async function lookAtSketch(
  context: SketchContext,
  number: number,
  drawing: Uint8Array,
): Promise<SketchView> {
  const contest = await running(context, number)
  const { original, bytes } = await drawnOn(context, contest, drawing)
  const clean = { scores: cleanScores(contest), preview: original }
  const { target } = contest
  const t = context.translators.person
  try {
    const { posted, ink, verdict } = await lookAtEdit(context, contest, clean, bytes)
    const scores = posted.scores.map(({ probability }) => probability)
    return {
      sentence: verdict.fools
        ? t('fool.sketch.fools', { target })
        : verdict.shortfall === 'only-as-posted'
          ? t('fool.sketch.faint')
          : t('fool.sketch.not', {
              seen: topLabel(posted.scores)!,
              target,
              share: percent(verdict.probability, t),
            }),
      bars: barsFor(contest, scores, t),
      measure: t('fool.ink', { share: percent(ink.share, t) }),
      succeeds: verdict.fools,
    }
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'busy' || error.code === 'cancelled') throw error
    return { sentence: error.in(t), bars: barsFor(contest, undefined, t), succeeds: false }
  }
}

/** Enters a drawing, as it was seen while it was drawn. */
export async function enterSketch(
  context: ActionContext<EnteredData>,
  number: number,
  { drawing, text }: { readonly drawing: PictureSource; readonly text?: string | undefined },
): Promise<void> {
  const at = context.services.now().getTime()
  const { store } = context.services
  const contest = await running(context, number)
  if (text !== undefined) mustBePolite(await settingsOf(store, context.place), [text])
  const { bytes, spoiler } = await drawnOn(context, contest, await drawing.read(context.signal))
  const judged = await judgeEdit(context, contest, bytes)
  const entry: ContestEntry = { ...judged.entry, ...whose(context), how: 'written', at }
  await entered(
    context,
    contest,
    { id: entryId(contest, entry, bytes), entry },
    { bytes, spoiler },
    judged.posted,
  )
}

/** What the model made of the picture before anybody wrote on it. */
const cleanScores = ({ labels, clean }: Contest) =>
  labels.map((label, i) => ({ label, probability: clean[i]! }))

/** The contest's picture with a drawing on it, the same bytes whether it is looked at or entered. */
async function drawnOn({ services }: SketchContext, contest: Contest, drawing: Uint8Array) {
  const { bytes, spoiler } = await pictureOf(services.store, contest, contest.picture)
  const original = await unpackPreview(bytes)
  return { original, bytes: await asJpeg(await withOverlay(original, drawing)), spoiler }
}

/** As short as can be read while it moves. */
const barsFor = (contest: Contest, scores: readonly number[] | undefined, t: Translate): Bar[] =>
  barsOf(contest, scores, bars - 1).map(({ label, probability, target = false }) => ({
    label,
    share: probability,
    value: percent(probability, t),
    highlighted: target,
  }))
