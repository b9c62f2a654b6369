import { button, buttons, cardPicture, heading, picture, text } from '../../src/chat/elements.ts'
import type { ActionContext } from '../../src/chat/context.ts'
import { plain } from '../../src/chat/markup.ts'
import { percent } from '../../src/chat/words.ts'
import { UserError } from '../../src/errors.ts'
import { readOrSeen } from '../../src/games/fool/read-or-seen.ts'
import { say } from '../../src/language.ts'
import { hiddenIn } from '../scores/records.ts'
import { foolActions } from './actions.ts'
import { barsInWords, barsOf } from './bars.ts'
import { type ScoreData, scoreOf } from './board.ts'
import { entriesOf, numbered, pictureOf } from './contests.ts'
import { asJpeg, lookAtClean, lookAtPosted } from './judge.ts'
import { carriedInWords, type Effect, effectOf } from './why.ts'

/** For programs. */
export interface WhyData extends ScoreData, Effect {
  readonly contest: number
  readonly entry: string
  readonly model: string
}

/** "Why it worked", of any entry: the picture before and after, and in words what the writing did in the model. */
export async function why(context: ActionContext<WhyData>, number: number, id: string): Promise<void> {
  const { services, place, t, theme } = context
  const { store, cards, catalogue } = services
  const contest = await numbered(context, number)
  const kept = (await entriesOf(store, contest)).find((each) => each.id === id)
  if (!kept) throw new UserError('not-found', 'fool.entry.gone')
  const { entry } = kept
  const { bytes, spoiler } = await pictureOf(store, contest, id)
  const clean = await lookAtClean(context, contest)
  const posted = await lookAtPosted(context, contest, bytes)
  const effect = await effectOf(context, clean, posted)
  const { kind, fools, probability } = entry.verdict
  const hidden = await hiddenIn(store, place)
  const name = plain(hidden.has(entry.person) ? t('contest.somebody') : entry.name)
  const [before, after] = [contest.clean, entry.scores].map((scores) => {
    const most = Math.max(...scores)
    return { label: contest.labels[scores.indexOf(most)]!, share: percent(most, t) }
  }) as [Answer, Answer]
  const card = await cards.draw('sheet', {
    title: `${before.label} → ${after.label}`,
    cells: [
      { picture: await asJpeg(clean.preview), caption: t('fool.why.before'), detail: inCaption(before) },
      { picture: bytes, caption: t(`fool.why.after.${kind}`), detail: inCaption(after) },
    ],
    note: catalogue.modelTitle,
    theme,
    language: t.language,
  })
  const [was, now] = [before, after].map(({ label, share }) => `**${plain(label)}** (${share})`) as [
    string,
    string,
  ]
  await context.reply({
    elements: [
      heading(fools ? t('fool.button.winner', { name }) : t('fool.why.failed', { name })),
      picture(cardPicture(card, 'why', spoiler), {
        instead: [barsInWords(barsOf(contest, entry.scores, 4), t)],
      }),
      text(
        [
          t(`fool.why.change.${kind}`, { was, now }),
          say(readOrSeen({ asPosted: probability, ...entry }).words, t),
          plain(carriedInWords(contest, effect.carrier, t)),
        ].join('\n\n'),
      ),
      buttons([button(foolActions.id('board', number, kind, 1), t('fool.button.standings'))]),
    ],
    data: { contest: number, entry: id, ...scoreOf(entry), ...effect, model: catalogue.modelId },
  })
}

interface Answer {
  readonly label: string
  readonly share: string
}

const inCaption = ({ label, share }: Answer): string => `${label} ${share}`
