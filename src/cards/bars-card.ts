import { english, type Translate } from '../language.ts'
import { barInWords, barRows, type LabelBar } from './bar-rows.ts'
import { finish, sentence, type Card } from './card.ts'
import { gridRows, type Cell } from './grid-rows.ts'
import { compose, gap, note, section, title } from './layout.ts'
import type { Theme } from './theme.ts'

export interface BarsCardData {
  readonly title: string
  /** The picture that was asked about, or the clean one and the written one. At most two. */
  readonly pictures: readonly Cell[]
  readonly bars: readonly LabelBar[]
  readonly modelTitle: string
  readonly theme: Theme
}

/** The model's answer: labels with their probabilities; before and after if a contest compares them. */
export async function barsCard(
  { title: text, pictures, bars, modelTitle, theme }: BarsCardData,
  t: Translate = english,
): Promise<Card> {
  const rows = [
    title(text),
    gap(16),
    ...(await gridRows(pictures)),
    ...(bars.some(({ before }) => before !== undefined)
      ? [section(t('card.answer'), t('card.thinBefore'))]
      : []),
    ...barRows(bars, t),
    gap(10),
    note(modelTitle),
  ]
  const alt = [text, bars.map((bar) => barInWords(bar, t)).join('; '), t('card.model', { model: modelTitle })]
    .map(sentence)
    .join(' ')
  return finish(compose(theme, rows), pictures.length > 0, alt)
}
