import { english, type Translate } from '../language.ts'
import { finish, inSigma, sentence, type Card } from './card.ts'
import { histogramRow, type Histogram, type Mark } from './histogram-row.ts'
import { compose, gap, note, title } from './layout.ts'
import type { Theme } from './theme.ts'
import { unitFacts, type CardUnit } from './unit-rows.ts'
import { capitalised } from '../text.ts'

export interface HistogramCardData {
  readonly unit: Pick<CardUnit, 'unit' | 'named'>
  readonly histogram: Histogram
  /** The picture in hand. */
  readonly mark?: Mark | undefined
  /** What was measured, for example "1,200 probe pictures". */
  readonly sample: string
  readonly modelTitle: string
  readonly theme: Theme
}

/** How strongly a unit fires on the reference pictures, with the current picture marked. */
export async function histogramCard(data: HistogramCardData, t: Translate = english): Promise<Card> {
  const { unit, histogram, mark, sample, modelTitle, theme } = data
  const name = unit.named?.name ?? t('card.unit', { unit: unit.unit })
  const rows = [
    title(capitalised(name)),
    note(unitFacts(unit, t), 1),
    gap(20),
    histogramRow(histogram, mark, t),
    note(t('card.byStrength', { sample })),
    note(modelTitle),
  ]
  return finish(compose(theme, rows), false, histogramInWords(name, data, t))
}

function histogramInWords(name: string, data: HistogramCardData, t: Translate): string {
  const { unit, mark, sample, modelTitle } = data
  const { counts, edges } = data.histogram
  const most = counts.indexOf(Math.max(...counts))
  const usual = t('card.howStrongly', {
    name,
    facts: unitFacts(unit, t),
    sample,
    from: inSigma(edges[most]!, false, t),
    to: inSigma(edges[most + 1]!, false, t),
  })
  const marked = mark && t('card.marked', { label: mark.label, strength: inSigma(mark.sigma, false, t) })
  const model = sentence(t('card.model', { model: modelTitle }))
  return [usual, ...(marked ? [marked] : []), model].join(' ')
}
