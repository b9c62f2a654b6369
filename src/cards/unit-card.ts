import { english, type Translate } from '../language.ts'
import { finish, inSigma, sentence, type Card } from './card.ts'
import { gridRows, type Cell } from './grid-rows.ts'
import { bodyFont, compose, contentWidth, gap, note, section, title, type Row } from './layout.ts'
import { drawText, textWidth } from './text.ts'
import type { Theme } from './theme.ts'
import { unitFacts, type CardUnit } from './unit-rows.ts'
import { capitalised } from '../text.ts'

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

const lineHeight = 40
const maxLines = 3

/** A unit's page in one picture: its name and where that comes from, what it looks for, what fires it. */
export async function unitCard(data: UnitCardData, t: Translate = english): Promise<Card> {
  const { unit, family, visualizations, words, wordsAgainst = [], pictures, modelTitle, theme } = data
  const name = unit.named?.name ?? t('card.unit', { unit: unit.unit })
  const facts = unitFacts(unit, t) + (family && family !== name ? ` · ${family}` : '')
  const written = words.map(({ word, sigma }) => listed(word, sigma, t))
  const against = wordsAgainst.map(({ word, sigma }) => listed(word, sigma, t))
  const seen = pictures.map(({ label, sigma }) => listed(label, sigma, t))
  const rows = [
    title(capitalised(name)),
    note(facts),
    gap(18),
    ...(await gridRows(visualizations)),
    ...list(t('card.words'), written),
    ...list(t('card.wordsAgainst'), against, t('card.belowUsual')),
    ...list(t('card.pictures'), seen),
    gap(6),
    note(modelTitle),
  ]
  const shown = visualizations.map(({ caption }) => caption).join(', ')
  const alt = [
    t('card.neuron', { name, facts }),
    visualizations.length > 0 ? t('card.looks', { list: shown }) : '',
    written.length > 0 ? t('card.wordsList', { list: written.join(', ') }) : '',
    against.length > 0 ? t('card.wordsAgainstList', { list: against.join(', ') }) : '',
    seen.length > 0 ? t('card.picturesList', { list: seen.join(', ') }) : '',
    sentence(t('card.model', { model: modelTitle })),
  ]
  return finish(compose(theme, rows), visualizations.length > 0, alt.join(' '))
}

const listed = (what: string, sigma: number, t: Translate): string =>
  `${what}\u00a0${inSigma(sigma, false, t)}`

/** Breaks only between items; what does not fit into LINES lines is in the alt text. */
function linesOf(items: readonly string[]): string[] {
  const lines: string[] = []
  for (const item of items) {
    const longer = `${lines.at(-1)} · ${item}`
    if (lines.length > 0 && textWidth(longer, bodyFont) <= contentWidth) lines[lines.length - 1] = longer
    else lines.push(item)
  }
  return lines.slice(0, maxLines)
}

function list(name: string, items: readonly string[], remark = ''): Row[] {
  if (items.length === 0) return []
  const lines = linesOf(items)
  const text: Row = {
    height: lines.length * lineHeight + 10,
    draw: ({ ctx, palette }, { x, y, width }) =>
      lines.forEach((line, i) =>
        drawText(ctx, line, { ...bodyFont, x, y: y + 28 + i * lineHeight, width, colour: palette.muted }),
      ),
  }
  return [section(name, remark), text]
}
