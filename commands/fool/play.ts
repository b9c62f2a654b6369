import { button, buttons, picture, text, cardPicture } from '../../src/chat/elements.ts'
import { settingsOf } from '../../src/chat/community.ts'
import type { ActionContext, Context } from '../../src/chat/context.ts'
import { subcommand } from '../../src/chat/define.ts'
import type { PictureSource } from '../../src/chat/options.ts'
import type { Element } from '../../src/chat/reply.ts'
import { unpackPreview } from '../../src/pictures/preview.ts'
import { UserError } from '../../src/errors.ts'
import type { Translate } from '../../src/language.ts'
import type { Box } from '../../src/pictures/picture.ts'
import type { Classification } from '../../src/jobs/engine.ts'
import { shortened } from '../../src/text.ts'
import type { Store } from '../../src/store/store.ts'
import { barsInWords, barsOf } from './bars.ts'
import { hashOf } from '../hash-of.ts'
import { enter, type Kept, pictureOf, running, standingsOf } from './contests.ts'
import { asJpeg, judgeEdit, judgePhotograph, lookAtClean, lookAtPosted } from './judge.ts'
import { idOf } from '../contest/contest.ts'
import {
  type Contest,
  type ContestEntry,
  draftMs,
  drafts,
  type KeptPicture,
  pictures,
  wordings,
} from './records.ts'
import { foolActions, writeButton } from './actions.ts'
import { type ScoreData, scoreOf } from './board.ts'
import { type EnteredData, entryReply, sentenceFor, titleFor } from './entry-reply.ts'
import { explain } from './why.ts'
import { percent } from '../../src/chat/words.ts'
import { altOf } from './words.ts'
import { definedIn, type GivenWriting, mustBePolite, writingFrom, writingOptions } from './writing.ts'

/** For programs. */
export interface DraftData extends ScoreData {
  /** Its id. */
  readonly draft: string
}

export const write = subcommand({
  description: (t) => t('fool.write.description'),
  visibility: 'person',
  options: writingOptions,
  run: (context: Context<DraftData>, given) => writeOn(context, given),
})

/** Previews writing, with its score, only for its author. @param number the contest's; by default the channel's latest */
export async function writeOn(
  context: Context<DraftData>,
  given: GivenWriting,
  number?: number,
): Promise<void> {
  const { services, t } = context
  const { store, cards, catalogue } = services
  const at = services.now().getTime()
  const contest = await running(context, number)
  const { text: words } = given
  mustBePolite(await settingsOf(store, context.place), [words])
  context.progress({ text: t('fool.preview.writing') })
  const original = await pictureOf(store, contest, contest.picture)
  const { spoiler } = original
  const clear = await unpackPreview(original.bytes)
  const writing = writingFrom(given, clear)
  const written =
    'eight' in writing
      ? await cards.draw('attack', { picture: clear, text: writing.eight })
      : await cards.draw('labels', { picture: clear, labels: writing.labels })
  const bytes = await asJpeg(written)
  const judged = await judgeEdit(context, contest, bytes).catch((error: unknown) => {
    if (!(error instanceof UserError) || error.code !== 'bad-picture') throw error
    throw new UserError('bad-picture', 'fool.preview.tooMuch', { cause: error })
  })
  const entry: ContestEntry = { ...judged.entry, ...whose(context), how: 'written', at }
  const id = entryId(contest, entry, bytes)
  const kept = { bytes, mimeType: 'image/jpeg', person: context.person.id, spoiler } as const
  await keepDraft(store, contest, id, { kept, entry, given })
  const bars = barsOf(contest, entry.scores, 4)
  const card = await cards.draw('bars', {
    title: entry.verdict.fools
      ? t('fool.preview.fools', { target: contest.target, ink: percent(inkOf(entry), t) })
      : t('fool.preview.not', { ink: percent(inkOf(entry), t) }),
    // If the picture itself is below, to be pressed, it is not shown twice.
    pictures:
      'eight' in writing
        ? [
            { picture: original.bytes, caption: t('fool.preview.before') },
            { picture: bytes, caption: t('fool.preview.after') },
          ]
        : [],
    bars,
    modelTitle: catalogue.modelTitle,
    theme: context.theme,
    language: t.language,
  })
  await context.reply({
    elements: [
      picture(cardPicture(card, 'preview', spoiler), { instead: [barsInWords(bars, t)] }),
      text(`${sentenceFor(contest, entry, t)} ${t('fool.preview.onlyYou')}`),
      ...('eight' in writing ? [] : [tappable(contest, id, kept, words, t)]),
      buttons([
        button(foolActions.id('enter', contest.number, id), t('fool.button.enter'), { style: 'primary' }),
        { ...writeButton(contest, t), label: t('fool.button.other'), style: 'secondary' },
      ]),
    ],
    data: { draft: id, ...scoreOf(entry) },
  })
}

/** What it takes to enter the draft, or to write it again elsewhere. */
async function keepDraft(
  store: Store,
  contest: Contest,
  id: string,
  { kept, entry, given }: { kept: KeptPicture; entry: ContestEntry; given: GivenWriting },
): Promise<void> {
  await store.set(pictures, contest.place, idOf(contest, `draft-${id}`), kept, draftMs)
  await store.set(drafts, contest.place, idOf(contest, id), entry)
  const wording = { person: entry.person, given: definedIn(given) }
  await store.set(wordings, contest.place, idOf(contest, id), wording)
}

/** The picture with its writing; pressing it moves the words there. */
const tappable = (
  contest: Contest,
  id: string,
  { bytes, spoiler }: KeptPicture,
  text: string,
  t: Translate,
): Element =>
  picture(
    {
      bytes,
      mimeType: 'image/jpeg',
      name: 'written.jpg',
      alt: shortened(t('fool.preview.alt', { text, alt: altOf(contest, t) }), 1_000),
      spoiler,
    },
    { instead: [], tap: foolActions.id('place', contest.number, id) },
  )

const inkOf = ({ verdict }: ContestEntry): number => (verdict.kind === 'edited' ? verdict.ink : 0)

export const whose = ({ person }: Context) => ({ person: person.id, name: person.name })

/** The same picture from the same person is the same entry, however often it is sent. */
export const entryId = (contest: Contest, entry: ContestEntry, bytes: Uint8Array): string =>
  hashOf(contest.picture, entry.person, entry.verdict.kind, bytes)

/** Enters a preview. */
export async function enterDraft(
  context: ActionContext<EnteredData>,
  number: number,
  id: string,
): Promise<void> {
  const { store } = context.services
  const contest = await running(context, number)
  const entry = await store.get(drafts, contest.place, idOf(contest, id))
  const picture = await store.get(pictures, contest.place, idOf(contest, `draft-${id}`))
  if (!entry || !picture) throw new UserError('closed', 'fool.preview.old')
  if (entry.person !== context.person.id) throw new UserError('not-allowed', 'fool.preview.enterYours')
  const posted = await lookAtPosted(context, contest, picture.bytes)
  await entered(context, contest, { id, entry }, picture, posted)
}

export const enterPicture = subcommand({
  description: (t) => t('fool.enter.description'),
  options: {
    picture: {
      called: (t) => t('fool.option.picture'),
      type: 'picture',
      description: (t) => t('fool.enter.picture'),
      required: true,
    },
    photograph: {
      called: (t) => t('fool.option.photograph'),
      type: 'boolean',
      description: (t) => t('fool.enter.photograph'),
    },
    box: {
      called: (t) => t('fool.option.box'),
      type: 'text',
      description: (t) => t('fool.enter.box'),
      maxLength: 40,
    },
  },
  async run(context: Context<EnteredData>, { picture, photograph, box: typed }) {
    const at = context.services.now().getTime()
    const contest = await running(context)
    const box = boxFrom(typed)
    context.progress({ text: context.t('fool.judge.looking') })
    const bytes = await picture.read(context.signal)
    const photographed = photograph === true || box !== undefined
    const judged = photographed
      ? await judgePhotograph(context, contest, bytes, box)
      : await judgeEdit(context, contest, bytes)
    const how = photographed ? 'photographed' : 'edited'
    const entry: ContestEntry = { ...judged.entry, ...whose(context), how, at }
    const id = entryId(contest, entry, bytes)
    const kept = {
      bytes: await asJpeg(judged.posted.preview),
      spoiler: await hidden(context, contest, picture),
    }
    await entered(context, contest, { id, entry }, kept, judged.posted)
  },
})

/** What was posted behind a spoiler stays there, and so do edits of such a picture. */
const hidden = async (
  { services }: Context,
  contest: Contest,
  { spoiler }: PictureSource,
): Promise<boolean> => spoiler === true || (await pictureOf(services.store, contest, contest.picture)).spoiler

const inside = (from = NaN, length = NaN): boolean => from >= 0 && length > 0 && from + length <= 1.0001

/** @throws UserError 'bad-option' if it is not a box inside the picture. */
function boxFrom(typed: string | undefined): Box | undefined {
  if (typed === undefined) return undefined
  const [left, top, width, height] = typed.split(/[\s,;]+/).map((part) => Number(part.replace('%', '')) / 100)
  if (!inside(left, width) || !inside(top, height)) throw new UserError('bad-option', 'fool.enter.badBox')
  return { left: left!, top: top!, width: width!, height: height! }
}

export async function entered(
  context: Context<EnteredData>,
  contest: Contest,
  kept: Kept,
  picture: Pick<KeptPicture, 'bytes' | 'spoiler'>,
  posted: Classification,
): Promise<void> {
  await enter(context.services, contest, kept, picture)
  const clean = await lookAtClean(context, contest)
  const { entry } = kept
  const explanation = await explain(context, contest, {
    clean,
    posted,
    entry,
    title: titleFor(contest, entry, context.t),
    spoiler: picture.spoiler,
  })
  const standing = await standingsOf(context.services.store, contest)
  const list = entry.verdict.kind === 'edited' ? standing.edits : standing.photographs
  const own = list.find((ranked) => ranked.entry.person === entry.person)
  await context.reply(entryReply(context, contest, kept, explanation, own && { ...own, of: list.length }))
}
