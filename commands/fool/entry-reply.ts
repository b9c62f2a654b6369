import { button, buttons, fields, heading, picture, text } from '../../src/chat/elements.ts'
import type { Context } from '../../src/chat/context.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Reply } from '../../src/chat/reply.ts'
import { foolActions, writeButton } from './actions.ts'
import { barsInWords, barsOf } from './bars.ts'
import { type ScoreData, scoreOf } from './board.ts'
import type { Kept } from './contests.ts'
import type { Contest, ContestEntry } from './records.ts'
import { type Explanation, readInWords } from './why.ts'
import { inSigma, percent } from '../../src/chat/words.ts'
import { outcome, valueOf } from './words.ts'

/** What came of an entry, in one sentence. */
export function sentenceFor({ target }: Contest, { verdict }: ContestEntry): string {
  const share = `${plain(target)} **${percent(verdict.probability)}**`
  if (verdict.fools)
    return verdict.kind === 'edited'
      ? `It fools the model with **${percent(verdict.ink)} ink**; less ink wins.`
      : `It fools the model: ${share}.`
  switch (verdict.shortfall) {
    case 'only-as-posted':
      return `It does not count as fooled: with nothing but its ink on the original the model sees something else (${share}).`
    case 'target-without-writing':
      return `It does not count as fooled: the model sees ${plain(target)} where the writing cannot be read, too.`
    default:
      return `The model is not fooled: ${share}.`
  }
}

const units = (switched: Explanation['on']) =>
  switched.map(({ unit, name, change }) => `${name ?? 'no name'} (unit ${unit}) ${inSigma(change, true)}`)

export const titleFor = ({ target }: Contest, { name, verdict }: ContestEntry): string =>
  verdict.fools ? `${name} makes it see “${target}”` : `${name} tries “${target}”`

/** For programs. */
export interface EnteredData extends ScoreData {
  readonly contest: number
  readonly entry: string
  /** Among the entries of its class; null if another one of the person is better. */
  readonly place: number | null
  readonly carrier: Explanation['carrier']
  readonly switchedOn: Explanation['on']
  readonly switchedOff: Explanation['off']
  readonly model: string
  readonly value: string
  readonly outcome: string
}

/** "Why it worked": the card of an entry. */
export function entryReply(
  { services }: Context,
  contest: Contest,
  { id, entry }: Kept,
  { picture: card, carrier, on, off }: Explanation,
  standing?: { readonly id: string; readonly place: number; readonly of: number },
): Reply<EnteredData> {
  const best =
    standing === undefined
      ? ''
      : standing.id === id
        ? ` Place ${standing.place} of ${standing.of}${entry.verdict.kind === 'photograph' ? ' among the photographs' : ''}.`
        : ` An earlier entry was better: place ${standing.place} of ${standing.of} stays.`
  return {
    elements: [
      picture(card, {
        instead: [
          heading(plain(titleFor(contest, entry))),
          barsInWords(barsOf(contest, entry.scores, 4)),
          fields([
            { name: 'Switched on', value: plain(units(on).join(', ')) },
            { name: 'Switched off', value: plain(units(off).join(', ')) },
          ]),
          text(plain(readInWords(contest, entry))),
        ],
      }),
      text(`**${plain(entry.name)}**: ${sentenceFor(contest, entry)}${best}`),
      buttons([
        button(foolActions.id('board', contest.number, entry.verdict.kind, 1), 'Standings'),
        { ...writeButton(contest), style: 'secondary' },
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
      value: valueOf(entry),
      outcome: outcome(contest.target, entry),
    },
  }
}
