import { finish, inSigma, type Card } from './card.ts'
import { histogramRow, type Histogram, type Mark } from './histogram-row.ts'
import { compose, gap, note, title } from './layout.ts'
import type { Theme } from './theme.ts'
import { unitFacts, type CardUnit } from './unit-rows.ts'

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
export async function histogramCard(data: HistogramCardData): Promise<Card> {
  const { unit, histogram, mark, sample, modelTitle, theme } = data
  const name = unit.named?.name ?? `Unit ${unit.unit}`
  const rows = [
    title(name),
    note(unitFacts(unit), 1),
    gap(20),
    histogramRow(histogram, mark),
    note(`${sample} by strength; heights on a log scale`),
    note(modelTitle),
  ]
  return finish(compose(theme, rows), false, histogramInWords(name, data))
}

function histogramInWords(name: string, data: HistogramCardData): string {
  const { unit, mark, sample, modelTitle } = data
  const { counts, edges } = data.histogram
  const most = counts.indexOf(Math.max(...counts))
  const usual = `most often ${inSigma(edges[most]!)} to ${inSigma(edges[most + 1]!)}`
  const marked = mark ? ` Of ${mark.label}: ${inSigma(mark.sigma)}.` : ''
  return `How strongly "${name}" (${unitFacts(unit)}) fires on ${sample}: ${usual}.${marked} Model: ${modelTitle}.`
}
