import { button, buttons, heading, note, picture, text, cardPicture } from '../../src/chat/elements.ts'
import type { Context } from '../../src/chat/context.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Reply } from '../../src/chat/reply.ts'
import { duration, momentHere, percent } from '../../src/chat/words.ts'
import type { Translate } from '../../src/language.ts'
import { foolActions, writeButton } from './actions.ts'
import { barsInWords, barsOf } from './bars.ts'
import { endsAt, pictureOf } from './contests.ts'
import { againstInWords } from './labels.ts'
import type { Contest } from './records.ts'
import { altOf } from './words.ts'

const bars = 6

/** For programs. */
export interface ContestData {
  readonly contest: number
  readonly target: string
  readonly labels: readonly string[]
  readonly clean: readonly { readonly label: string; readonly probability: number }[]
  /** ISO 8601. */
  readonly ends: string
  readonly inkLimit: number | null
  readonly model: string
  readonly provider: Contest['provider']
}

/** What everybody sees when a contest is opened. */
export async function opening(context: Context, contest: Contest): Promise<Reply<ContestData>> {
  const { t } = context
  const { cards, catalogue, store } = context.services
  const { target, labels, number } = contest
  const { bytes, spoiler } = await pictureOf(store, contest, contest.picture)
  const clean = barsOf(contest, undefined, bars - 1)
  const ends = await endsAt(store, contest)
  const card = await cards.draw('bars', {
    title: t('card.answer'),
    pictures: [],
    bars: clean,
    modelTitle: catalogue.modelTitle,
    theme: context.theme,
    language: t.language,
  })
  return {
    elements: [
      heading(t('fool.start.heading', { name: plain(contest.opener.name), target: plain(target) })),
      picture(
        {
          bytes,
          mimeType: 'image/jpeg',
          name: `contest-${number}.jpg`,
          alt: t('fool.start.alt', { alt: altOf(contest, t) }),
          spoiler,
        },
        { instead: [] },
      ),
      buttons([
        writeButton(contest, t),
        button(foolActions.id('board', number, 'edited', 1), t('fool.button.standings')),
      ]),
      picture(cardPicture(card, `contest-${number}-answer`), { instead: [barsInWords(clean, t)] }),
      text(rulesOf(contest, ends, t)),
      note(
        t('fool.start.note', {
          count: labels.length - 1,
          against: plain(againstInWords(contest.against, t)),
          model: plain(catalogue.modelTitle),
          credit: plain(contest.credit ?? ''),
        }).trim(),
      ),
    ],
    data: {
      contest: number,
      target,
      labels,
      clean: labels.map((label, i) => ({ label, probability: contest.clean[i]! })),
      ends: new Date(ends).toISOString(),
      inkLimit: contest.inkLimit ?? null,
      model: contest.model,
      provider: contest.provider,
    },
  }
}

const rulesOf = ({ target, inkLimit, opened }: Contest, ends: number, t: Translate): string =>
  [
    t('fool.start.how'),
    t('fool.start.rule', { target: plain(target) }),
    ...(inkLimit === undefined ? [] : [t('fool.start.atMost', { share: percent(inkLimit, t) })]),
    t('fool.start.until', { when: momentHere(ends, t), length: duration(ends - opened, t) }),
  ].join('\n')
