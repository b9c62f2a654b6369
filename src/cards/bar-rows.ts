import type { Translate } from '../language.ts'
import { drawBar, roundedBox } from './canvas.ts'
import { percent } from './card.ts'
import { bodyFont, nameFont, smallFont, type Pen, type Row } from './layout.ts'
import { drawText, textWidth } from './text.ts'

/** A label with its probability, 0 to 1. */
export interface LabelBar {
  readonly label: string
  readonly probability: number
  /** What it was on the clean picture. */
  readonly before?: number | undefined
  /** The label that a contest wants the model to see. */
  readonly target?: boolean | undefined
}

const rowHeight = 78
const rowHeightWithBefore = 92
const barHeight = 18
const beforeBarHeight = 8
const valueWidth = 280
const tagSize = { height: 34, padding: 12 }

/** Labels over bars; the target's bar is warm. If `before` is given, a thin bar below shows it. */
export const barRows = (bars: readonly LabelBar[], t: Translate): Row[] =>
  bars.map((bar) => ({
    height: bar.before === undefined ? rowHeight : rowHeightWithBefore,
    draw: (pen, { x, y, width }) => {
      const { ctx, palette } = pen
      const right = x + width
      const used = drawValue(pen, bar, right, y + 30, t)
      const tag = t('card.target')
      const tagWidth = bar.target ? textWidth(tag, smallFont) + 2 * tagSize.padding : 0
      const style = bar.target ? nameFont : bodyFont
      const free = width - used - 24 - (bar.target ? tagWidth + 12 : 0)
      const name = drawText(ctx, bar.label, { ...style, x, y: y + 30, width: free, colour: palette.text })
      if (bar.target) drawTag(pen, tag, x + name + 12, y + 4, tagWidth)
      const colour = bar.target ? palette.warm : palette.neutral
      drawBar(ctx, { x, y: y + 44, width, height: barHeight }, bar.probability, colour, palette.track)
      if (bar.before === undefined) return
      drawBar(ctx, { x, y: y + 66, width, height: beforeBarHeight }, bar.before, palette.muted, palette.track)
    },
  }))

/** Draws "83 %", or "2 % → 83 %" if there is a `before`. @returns the width */
function drawValue({ ctx, palette }: Pen, bar: LabelBar, right: number, y: number, t: Translate): number {
  const at = { x: right, y, width: valueWidth, align: 'right' as const }
  const now = drawText(ctx, percent(bar.probability, t), { ...nameFont, ...at, colour: palette.text })
  if (bar.before === undefined) return now
  const was = { ...bodyFont, ...at, x: right - now - 10, colour: palette.muted }
  return now + 10 + drawText(ctx, `${percent(bar.before, t)} →`, was)
}

function drawTag({ ctx, palette }: Pen, tag: string, x: number, y: number, width: number): void {
  roundedBox(ctx, { x, y, width, height: tagSize.height }, tagSize.height / 2, palette.panel)
  drawText(ctx, tag, { ...smallFont, x: x + tagSize.padding, y: y + 25, width, colour: palette.muted })
}

/** For alt texts: "iPod 83 %, before 2 % (the target)". */
export function barInWords({ label, probability, before, target }: LabelBar, t: Translate): string {
  const bar = { label, share: percent(probability, t) }
  if (before === undefined) return target ? t('card.bar.target', bar) : t('card.bar.plain', bar)
  const compared = { ...bar, before: percent(before, t) }
  return target ? t('card.bar.targetBefore', compared) : t('card.bar.before', compared)
}
