import { finish, inSigma, type Card } from './card.ts'
import { gridRows, type Cell } from './grid-rows.ts'
import { BODY, compose, CONTENT_WIDTH, gap, note, section, title, type Row } from './layout.ts'
import { drawText, textWidth } from './text.ts'
import type { Theme } from './theme.ts'
import { unitFacts, type CardUnit } from './unit-rows.ts'

export interface UnitCardData {
  readonly unit: Pick<CardUnit, 'unit' | 'named'>
  readonly family?: string | undefined
  /** What the unit looks for: plain and by facet. */
  readonly visualizations: readonly Cell[]
  /** Written words that fire it most, strongest first, and words that hold it back most, with negative sigma. */
  readonly words: readonly { readonly word: string; readonly sigma: number }[]
  readonly wordsAgainst?: readonly { readonly word: string; readonly sigma: number }[]
  /** Labels of pictures that fire it most. */
  readonly pictures: readonly { readonly label: string; readonly sigma: number }[]
  readonly modelTitle: string
  readonly theme: Theme
}

const LINE = 40
const LINES = 3

/** A unit's page in one picture: its name and where that comes from, what it looks for, what fires it. */
export async function unitCard(data: UnitCardData): Promise<Card> {
  const { unit, family, visualizations, words, wordsAgainst = [], pictures, modelTitle, theme } = data
  const name = unit.named?.name ?? `Unit ${unit.unit}`
  const facts = family && family !== name ? `${unitFacts(unit)} · ${family}` : unitFacts(unit)
  const written = words.map(({ word, sigma }) => listed(word, sigma))
  const against = wordsAgainst.map(({ word, sigma }) => listed(word, sigma))
  const seen = pictures.map(({ label, sigma }) => listed(label, sigma))
  const rows = [
    title(name),
    note(facts),
    gap(18),
    ...(await gridRows(visualizations)),
    ...list('Words that fire it', written),
    ...list('Words that hold it back', against, 'σ below the usual'),
    ...list('Pictures that fire it', seen),
    gap(6),
    note(modelTitle),
  ]
  const shown = visualizations.map(({ caption }) => caption).join(', ')
  const alt = [
    `The neuron "${name}" (${facts}).`,
    visualizations.length > 0 ? `Pictures of what it looks for: ${shown}.` : '',
    written.length > 0 ? `Words that fire it: ${written.join(', ')}.` : '',
    against.length > 0 ? `Words that hold it back: ${against.join(', ')}.` : '',
    seen.length > 0 ? `Pictures that fire it: ${seen.join(', ')}.` : '',
    `Model: ${modelTitle}.`,
  ]
  return finish(compose(theme, rows), visualizations.length > 0, alt.join(' '))
}

const listed = (what: string, sigma: number): string => `${what}\u00a0${inSigma(sigma)}`

/** Breaks only between items; what does not fit into LINES lines is in the alt text. */
function linesOf(items: readonly string[]): string[] {
  const lines: string[] = []
  for (const item of items) {
    const longer = `${lines.at(-1)} · ${item}`
    if (lines.length > 0 && textWidth(longer, BODY) <= CONTENT_WIDTH) lines[lines.length - 1] = longer
    else lines.push(item)
  }
  return lines.slice(0, LINES)
}

function list(name: string, items: readonly string[], remark = ''): Row[] {
  if (items.length === 0) return []
  const lines = linesOf(items)
  const text: Row = {
    height: lines.length * LINE + 10,
    draw: ({ ctx, palette }, { x, y, width }) =>
      lines.forEach((line, i) =>
        drawText(ctx, line, { ...BODY, x, y: y + 28 + i * LINE, width, colour: palette.muted }),
      ),
  }
  return [section(name, remark), text]
}
