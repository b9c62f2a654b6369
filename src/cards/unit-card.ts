import { finish, inSigma, type Card } from './card.ts'
import { gridRows, type Cell } from './grid-rows.ts'
import { BODY, compose, CONTENT_WIDTH, gap, note, section, title, type Row } from './layout.ts'
import { drawText, wrap } from './text.ts'
import type { Theme } from './theme.ts'
import { unitFacts, type CardUnit } from './unit-rows.ts'

export interface UnitCardData {
  readonly unit: Pick<CardUnit, 'unit' | 'named'>
  readonly family?: string | undefined
  /** What the unit looks for: plain and by facet. */
  readonly visualizations: readonly Cell[]
  /** Written words and labels of pictures that fire it most, strongest first. */
  readonly words: readonly { readonly word: string; readonly sigma: number }[]
  readonly pictures: readonly { readonly label: string; readonly sigma: number }[]
  readonly modelTitle: string
  readonly theme: Theme
}

const LINE = 40

/** A unit's page in one picture: its name and whose it is, what it looks for, what fires it. */
export async function unitCard(data: UnitCardData): Promise<Card> {
  const { unit, family, visualizations, words, pictures, modelTitle, theme } = data
  const name = unit.named?.name ?? `Unit ${unit.unit}`
  const facts = family ? `${unitFacts(unit)} · ${family}` : unitFacts(unit)
  const written = words.map(({ word, sigma }) => `${word}\u00a0${inSigma(sigma)}`)
  const seen = pictures.map(({ label, sigma }) => `${label}\u00a0${inSigma(sigma)}`)
  const rows = [
    title(name),
    note(facts),
    gap(18),
    ...(await gridRows(visualizations)),
    ...list('Words that fire it', written),
    ...list('Pictures that fire it', seen),
    gap(6),
    note(modelTitle),
  ]
  const shown = visualizations.map(({ caption }) => caption).join(', ')
  const alt = [
    `The neuron "${name}" (${facts}).`,
    visualizations.length > 0 ? `Pictures of what it looks for: ${shown}.` : '',
    written.length > 0 ? `Words that fire it: ${written.join(', ')}.` : '',
    seen.length > 0 ? `Pictures that fire it: ${seen.join(', ')}.` : '',
    `Model: ${modelTitle}.`,
  ]
  return finish(compose(theme, rows), visualizations.length > 0, alt.join(' '))
}

function list(name: string, items: readonly string[]): Row[] {
  if (items.length === 0) return []
  const lines = wrap(items.join(' · '), CONTENT_WIDTH, 3, BODY)
  const text: Row = {
    height: lines.length * LINE + 10,
    draw: ({ ctx, palette }, { x, y, width }) =>
      lines.forEach((line, i) =>
        drawText(ctx, line, { ...BODY, x, y: y + 28 + i * LINE, width, colour: palette.muted }),
      ),
  }
  return [section(name), text]
}
