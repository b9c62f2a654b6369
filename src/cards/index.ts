import type { Language } from '../language.ts'
import { barsCard } from './bars-card.ts'
import { boardCard } from './board-card.ts'
import { inkPictures, unreadable, writingPlaces } from './contest-pictures.ts'
import { entryCard } from './entry-card.ts'
import { histogramCard } from './histogram-card.ts'
import { drawAttack, drawLabels, drawWord } from './ink-label.ts'
import { neuronsCard } from './neurons-card.ts'
import { sheetCard } from './sheet-card.ts'
import type { Theme, Themes } from './theme.ts'
import { unitCard } from './unit-card.ts'

/** All drawings, from plain data to a picture: cards, writing on pictures, and what contests measure in pictures. */
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
  ink: inkPictures,
  unreadable,
  writingPlaces,
  word: drawWord,
} as const

type Drawings = typeof drawings
export type DrawingName = keyof Drawings
/** What a drawing takes, for one theme. */
export type OneDrawing<Name extends DrawingName> = Parameters<Drawings[Name]>[0]
type Themed<Data> = Data extends { readonly theme: Theme }
  ? Omit<Data, 'theme'> & { readonly theme: Themes; readonly language: Language }
  : Data
export type DrawingData<Name extends DrawingName> = Themed<OneDrawing<Name>>
export type Drawing<Name extends DrawingName> = Awaited<ReturnType<Drawings[Name]>>
