import { bars } from '../../src/chat/elements.ts'
import type { DrawingData } from '../../src/cards/index.ts'
import type { Contest } from './records.ts'
import type { Translate } from '../../src/language.ts'
import { percent } from '../../src/chat/words.ts'

type LabelBar = DrawingData<'bars'>['bars'][number]

/** The target and the strongest others, each with its score on the clean picture. @param scores absent: only the clean ones */
export function barsOf(
  { labels, target, clean }: Contest,
  scores: readonly number[] | undefined,
  others: number,
): LabelBar[] {
  const all = labels.map((label, i) => ({
    label,
    probability: (scores ?? clean)[i]!,
    ...(scores && { before: clean[i]! }),
    target: label === target,
  }))
  const rest = all.filter((bar) => !bar.target)
  // What led before belongs on the card too, even if the writing has driven it out.
  const was = rest.reduce((best, bar) => ((bar.before ?? 0) > (best.before ?? 0) ? bar : best))
  const strongest = rest.sort((a, b) => b.probability - a.probability).slice(0, others)
  if (scores && !strongest.includes(was)) strongest.splice(others - 1, 1, was)
  return [...all.filter((bar) => bar.target), ...strongest].sort((a, b) => b.probability - a.probability)
}

/** The same if no picture can be shown. */
export const barsInWords = (labelled: readonly LabelBar[], t: Translate) =>
  bars(
    labelled.map(({ label, probability, before, target }) => ({
      label: target ? t('fool.targetBar', { label }) : label,
      share: probability,
      value:
        before === undefined ? percent(probability, t) : `${percent(before, t)} → ${percent(probability, t)}`,
      highlighted: target ?? false,
    })),
  )
