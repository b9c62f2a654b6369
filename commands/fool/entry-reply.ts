import { button, buttons, fields, heading, picture, text } from '../../src/chat/elements.ts'
import type { Context } from '../../src/chat/context.ts'
import { english, type Translate } from '../../src/language.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Reply } from '../../src/chat/reply.ts'
import { foolActions, writeButton } from './actions.ts'
import { barsInWords, barsOf } from './bars.ts'
import { type ScoreData, scoreOf } from './board.ts'
import type { Kept } from './contests.ts'
import type { Contest, ContestEntry } from './records.ts'
import { type Explanation, readInWords } from './why.ts'
import { inSigma, percent } from '../../src/chat/words.ts'
import { outcome, unitInWords, valueOf } from './words.ts'

/** What came of an entry, in one sentence. */
export function sentenceFor({ target }: Contest, { verdict }: ContestEntry, t: Translate): string {
  const said = { target: plain(target), share: percent(verdict.probability, t) }
  if (verdict.fools)
    return verdict.kind === 'edited'
      ? t('fool.verdict.ink', { share: percent(verdict.ink, t) })
      : t('fool.verdict.fools', said)
  switch (verdict.shortfall) {
    case 'only-as-posted':
      return t('fool.verdict.onlyAsPosted', said)
    case 'target-without-writing':
      return t('fool.verdict.withoutWriting', said)
    default:
      return t('fool.verdict.not', said)
  }
}

const units = (switched: Explanation['on'], t: Translate) =>
  switched.map(({ unit, name, change }) => `${unitInWords(unit, name, t)} ${inSigma(change, true, t)}`)

export const titleFor = ({ target }: Contest, { name, verdict }: ContestEntry, t: Translate): string =>
  t(verdict.fools ? 'fool.entry.makes' : 'fool.entry.tries', { name, target })

/** For programs. */
export interface EnteredData extends ScoreData {
  readonly contest: number
  readonly entry: string
  /** Among the entries of its class; null if the person has a better one. */
  readonly place: number | null
  readonly carrier: Explanation['carrier']
  readonly switchedOn: Explanation['on']
  readonly switchedOff: Explanation['off']
  readonly model: string
  readonly value: string
  readonly outcome: string
}

/** The card of an entry. */
export function entryReply(
  { services, t }: Context,
  contest: Contest,
  { id, entry }: Kept,
  { picture: card, carrier, on, off }: Explanation,
  standing?: { readonly id: string; readonly place: number; readonly of: number },
): Reply<EnteredData> {
  const { kind } = entry.verdict
  const placed = standing
    ? [
        t(standing.id === id ? `fool.entry.place.${kind}` : 'fool.entry.earlier', {
          place: standing.place,
          of: standing.of,
        }),
      ]
    : []
  return {
    elements: [
      picture(card, {
        instead: [
          heading(plain(titleFor(contest, entry, t))),
          barsInWords(barsOf(contest, entry.scores, 4), t),
          fields([
            { name: t('fool.switched.on'), value: plain(units(on, t).join(', ')) },
            { name: t('fool.switched.off'), value: plain(units(off, t).join(', ')) },
          ]),
          text(plain(readInWords(contest, entry, t))),
        ],
      }),
      text([`**${plain(entry.name)}**: ${sentenceFor(contest, entry, t)}`, ...placed].join(' ')),
      buttons([
        button(
          foolActions.id('why', contest.number, id),
          t(entry.verdict.fools ? 'fool.button.why' : 'fool.button.whyNot'),
        ),
        button(foolActions.id('board', contest.number, entry.verdict.kind, 1), t('fool.button.standings')),
        { ...writeButton(contest, t), style: 'secondary' },
      ]),
    ],
    data: {
      contest: contest.number,
      entry: id,
      ...scoreOf(entry),
      place: standing?.place ?? null,
      carrier,
      switchedOn: on,
      switchedOff: off,
      model: services.catalogue.modelId,
      value: valueOf(entry, english),
      outcome: outcome(contest.target, entry, english),
    },
  }
}
