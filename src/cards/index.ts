import { barsCard } from './bars-card.ts'
import { boardCard } from './board-card.ts'
import { entryCard } from './entry-card.ts'
import { histogramCard } from './histogram-card.ts'
import { drawAttack, drawLabels, drawWord } from './ink-label.ts'
import { neuronsCard } from './neurons-card.ts'
import { sheetCard } from './sheet-card.ts'
import { unitCard } from './unit-card.ts'

/** Everything that can be drawn, plain data in, a picture out: the cards, and writing on pictures. */
export const drawings = {
  neurons: neuronsCard,
  bars: barsCard,
  board: boardCard,
  entry: entryCard,
  histogram: histogramCard,
  sheet: sheetCard,
  unit: unitCard,
  labels: drawLabels,
  attack: drawAttack,
  word: drawWord,
} as const

type Drawings = typeof drawings
export type DrawingName = keyof Drawings
export type DrawingData<Name extends DrawingName> = Parameters<Drawings[Name]>[0]
export type Drawing<Name extends DrawingName> = Awaited<ReturnType<Drawings[Name]>>
