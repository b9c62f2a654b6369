import { finish, sentence, type Card } from './card.ts'
import { gridRows, type Cell } from './grid-rows.ts'
import { compose, gap, note, title } from './layout.ts'
import type { Theme } from './theme.ts'

export interface SheetCardData {
  readonly title: string
  /** Up to 12 are legible. */
  readonly cells: readonly Cell[]
  /** Small print at the end; none if empty. */
  readonly note: string
  readonly theme: Theme
}

/** A contact sheet: pictures with captions, for example the best entries of a contest. */
export async function sheetCard(data: SheetCardData): Promise<Card> {
  const rows = [title(data.title), gap(16), ...(await gridRows(data.cells)), note(data.note)]
  const cells = data.cells.map(({ caption, detail }) => (detail ? `${caption} (${detail})` : caption))
  return finish(
    compose(data.theme, rows),
    true,
    [data.title, cells.join('; '), data.note].map(sentence).join(' '),
  )
}
