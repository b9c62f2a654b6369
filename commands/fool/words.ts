import { percent } from '../../src/chat/words.ts'
import { languages, type Translate, translator } from '../../src/language.ts'
import type { Contest, ContestEntry } from './records.ts'
import { samples } from './samples.ts'

/** What an entry is ranked by: "3.2 % ink", or "41 %". */
export const valueOf = ({ verdict }: ContestEntry, t: Translate): string =>
  verdict.kind === 'edited' && verdict.fools
    ? t('fool.ink', { share: percent(verdict.ink, t) })
    : percent(verdict.probability, t)

/** "fools it: pizza 83 %" */
export function outcome(target: string, { verdict }: ContestEntry, t: Translate): string {
  const said = { target, share: percent(verdict.probability, t) }
  if (verdict.fools) return t('fool.outcome.fools', said)
  return verdict.kind === 'edited'
    ? t('fool.outcome.edited', { ...said, ink: percent(verdict.ink, t) })
    : t('fool.outcome.photograph', said)
}

/** A unit, with its name if it has one: "money (unit 12)". */
export const unitInWords = (unit: number, name: string | undefined, t: Translate): string =>
  name === undefined ? t('fool.unit.unnamed', { unit }) : t('fool.unit.named', { name, unit })

/** Whoever had themselves deleted has no name any more. */
export const nameOf = ({ id, name }: Contest['opener'], t: Translate): string =>
  id === '' ? t('contest.somebody') : name

/** What the contest's picture shows, for those who cannot see it. */
export function altOf({ alt, opener, labels, clean }: Contest, t: Translate): string {
  if (alt === undefined)
    return t('fool.start.ownAlt', {
      name: nameOf(opener, t),
      seen: labels[clean.indexOf(Math.max(...clean))]!,
    })
  // For a picture of ours it was stored in the language in which the contest was opened.
  const ours = samples.pictures.find(({ id }) =>
    languages.some((language) => translator(language)(`samples.${id}.alt`) === alt),
  )
  return ours ? t(`samples.${ours.id}.alt`) : alt
}
