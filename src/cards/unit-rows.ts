import type { Translate } from '../language.ts'
import { howNamed } from '../neurons/how-named.ts'
import type { Unit } from '../neurons/catalogue.ts'
import type { Firing } from '../neurons/firing.ts'
import { drawBar, drawThumbnail, open, roundedBox, type Rect, type CardPicture } from './canvas.ts'
import { inSigma, percent } from './card.ts'
import { nameFont, radius, smallFont, type Pen, type Row } from './layout.ts'
import { capitalised, charactersOf } from '../text.ts'
import { drawText } from './text.ts'

/**
 * A unit with its measurement. Instead of a strength, `sigma` may be a difference between two pictures. Units without a
 * name show only their number.
 */
export interface CardUnit extends Pick<Firing, 'unit' | 'sigma'> {
  readonly named?: Pick<Unit, 'name' | 'namedBy' | 'certainty'> | undefined
  /** Share of the baseline's pictures that it exceeds, 0 to 100. */
  readonly percentile?: number | undefined
  /** What the unit looks for. */
  readonly thumbnail?: CardPicture | undefined
}

const thumbnailSide = 92
const thumbnailRadius = 12
const initialFont = { size: 44, weight: 'bold' } as const
const rowHeight = 116
const barHeight = 14
/** How far the panel of the chosen row extends beyond the text on either side. */
const panelMargin = 14
const valueWidth = 190

/** "spider", "Unit 550", or "spider?" if the name is a guess. */
export const unitName = ({ unit, named }: CardUnit, t: Translate): string =>
  named ? `${named.name}${named.certainty === 'unsure' ? '?' : ''}` : t('card.unit', { unit })

/** How strongly, in words; the figure is a tap away. */
const inAWord = (percentile: number, t: Translate): string =>
  percentile >= 99.5
    ? t('card.how.veryStrongly')
    : percentile >= 97
      ? t('card.how.strongly')
      : percentile >= 90
        ? t('card.how.clearly')
        : t('card.how.aLittle')

/** "unit 550 · likely, our probe set". */
export function unitFacts({ unit, named }: Omit<CardUnit, 'sigma'>, t: Translate): string {
  return named ? t('card.facts', { unit, how: howNamed(named, t) }) : t('card.unnamed', { unit })
}

/** How rare such a strength is among the pack's reference pictures. */
function rarity(percentile: number, sigma: number, t: Translate): string {
  const beyond = (sigma >= 0 ? 100 - percentile : percentile) / 100
  const share = percent(Math.max(beyond, 0.0005), t)
  return sigma >= 0 ? t('card.top', { share }) : t('card.lowest', { share })
}

/** For alt texts: `unit 550 "Spider" (likely, our probe set) 12.4 σ`. */
export function unitInWords(unit: CardUnit, difference: boolean, t: Translate): string {
  const strength = inSigma(unit.sigma, difference, t)
  return unit.named
    ? t('card.unitInWords', { name: unit.named.name, facts: unitFacts(unit, t), strength })
    : t('card.unnamedInWords', { unit: unit.unit, strength })
}

/**
 * Rows of units with bars; the longest bar is the strongest of these units. If any has a thumbnail, all rows leave room
 * for one. `differences`: the numbers say how much more or less a unit fires than before.
 */
export async function unitRows(
  units: readonly CardUnit[],
  { chosen, differences = false }: { chosen?: number; differences?: boolean },
  t: Translate,
): Promise<Row[]> {
  const strongest = Math.max(...units.map(({ sigma }) => Math.abs(sigma))) || 1
  const withThumbnails = units.some(({ thumbnail }) => thumbnail)
  const thumbnails = await Promise.all(
    units.map(async ({ thumbnail }) => (thumbnail ? open(thumbnail) : undefined)),
  )
  return units.map((unit, i) => ({
    height: rowHeight,
    unit: unit.unit,
    draw: (pen, box) => {
      if (unit.unit === chosen) drawPanel(pen, box)
      const top = box.y + (rowHeight - thumbnailSide) / 2
      const indent = withThumbnails ? thumbnailSide + 20 : 0
      if (withThumbnails) {
        const place = { x: box.x, y: top, width: thumbnailSide, height: thumbnailSide }
        drawThumbnail(pen.ctx, thumbnails[i], place, thumbnailRadius, pen.palette.track)
        if (!thumbnails[i]) drawInitial(pen, unit, place, t)
      }
      const inFigures = unit.unit === chosen || unit.percentile === undefined
      const strength = inFigures ? inSigma(unit.sigma, differences, t) : inAWord(unit.percentile, t)
      drawUnit(
        pen,
        { unit, strength, share: Math.abs(unit.sigma) / strongest },
        { x: box.x + indent, y: top, width: box.width - indent },
        t,
      )
    },
  }))
}

function drawPanel({ ctx, palette }: Pen, { x, y, width, height }: Rect): void {
  const panel = { x: x - panelMargin, y: y + 2, width: width + 2 * panelMargin, height: height - 4 }
  roundedBox(ctx, panel, radius, palette.panel)
}

/** Where nobody has drawn yet what the unit looks for. */
function drawInitial({ ctx, palette }: Pen, unit: CardUnit, { x, y, width }: Rect, t: Translate): void {
  const [initial = ''] = charactersOf(capitalised(unitName(unit, t)))
  const at = { x: x + width / 2, y: y + 61, width }
  drawText(ctx, initial, { ...initialFont, ...at, colour: palette.muted, align: 'center' })
}

function drawUnit(
  { ctx, palette }: Pen,
  { unit, strength, share }: { unit: CardUnit; strength: string; share: number },
  { x, y, width }: Omit<Rect, 'height'>,
  t: Translate,
): void {
  const right = x + width
  const value = {
    ...nameFont,
    x: right,
    y: y + 27,
    width: valueWidth,
    colour: palette.text,
    align: 'right' as const,
  }
  const used = drawText(ctx, strength, value)
  drawText(ctx, capitalised(unitName(unit, t)), {
    ...nameFont,
    x,
    y: y + 27,
    width: width - used - 20,
    colour: palette.text,
  })
  const bar = { x, y: y + 42, width, height: barHeight }
  drawBar(ctx, bar, share, unit.sigma >= 0 ? palette.warm : palette.cool, palette.track)
  const rare = unit.percentile === undefined ? '' : rarity(unit.percentile, unit.sigma, t)
  const small = { ...smallFont, y: y + 87, colour: palette.muted }
  const end = drawText(ctx, rare, { ...small, x: right, width, align: 'right' })
  drawText(ctx, unitFacts(unit, t), { ...small, x, width: width - end - 16 })
}
