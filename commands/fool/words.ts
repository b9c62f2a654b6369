import { percent } from '../../src/chat/words.ts'
import type { ContestEntry } from './records.ts'

/** What an entry is ranked by: "3.2 % ink", or "41 %". */
export const valueOf = ({ verdict }: ContestEntry): string =>
  verdict.kind === 'edited' && verdict.fools ? `${percent(verdict.ink)} ink` : percent(verdict.probability)

/** "fools it: pizza 83 %" */
export const outcome = (target: string, { verdict }: ContestEntry): string =>
  verdict.fools
    ? `fools it: ${target} ${percent(verdict.probability)}`
    : `not fooled: ${target} ${percent(verdict.probability)}${verdict.kind === 'edited' ? `, ${percent(verdict.ink)} ink` : ''}`
