import type { Translate } from '../language.ts'
import { roundedBox, type Rect } from './canvas.ts'
import { inSigma } from './card.ts'
import { smallFont, type Pen, type Row } from './layout.ts'
import { drawText, textWidth } from './text.ts'

/** How many of the pack's reference pictures fire a unit so strongly: `counts[i]` between edges i and i + 1. */
export interface Histogram {
  /** In sigma, rising. */
  readonly edges: readonly number[]
  readonly counts: readonly number[]
}

export interface Mark {
  readonly sigma: number
  /** For example "this picture". */
  readonly label: string
}

const chartHeight = 260
const axisHeight = 54
const labelHeight = 44
const tickCount = 5
const shortestBar = 4

/**
 * Bars over an axis in sigma, as densities: a wider bin is proportionally lower. Heights are logarithmic, because the
 * pictures that fire a unit strongly are few, and the ones of interest. Bars from the mark on are warm.
 */
export const histogramRow = (histogram: Histogram, mark: Mark | undefined, t: Translate): Row => ({
  height: (mark ? labelHeight : 0) + chartHeight + axisHeight,
  draw: (pen, { x, y, width }) => {
    const top = mark ? y + labelHeight : y
    const { ctx, palette } = pen
    const bins = binsOf(histogram)
    const from = bins[0]!.from
    const to = Math.max(bins.at(-1)!.to, mark?.sigma ?? 0)
    const at = (sigma: number): number => x + ((sigma - from) / (to - from)) * width
    const bottom = top + chartHeight
    for (const bin of bins) {
      if (bin.height === 0) continue
      const height = Math.max(shortestBar, bin.height * chartHeight)
      const bar = { x: at(bin.from), y: bottom - height, width: at(bin.to) - at(bin.from), height }
      const colour = mark && bin.to > mark.sigma ? palette.warm : palette.neutral
      roundedBox(ctx, { ...bar, width: Math.max(1, bar.width - 2) }, 3, colour)
    }
    ctx.fillStyle = palette.muted
    ctx.fillRect(x, bottom, width, 2)
    drawTicks(pen, { from, to, at, y: bottom + 34 }, t)
    if (mark) drawMark(pen, mark, at(mark.sigma), { x, y, width, height: labelHeight + chartHeight }, t)
  },
})

/** Bins up to the last non-empty one, with heights from 0 to 1. */
function binsOf({ edges, counts }: Histogram): { from: number; to: number; height: number }[] {
  const narrowest = Math.min(...counts.map((_, i) => edges[i + 1]! - edges[i]!))
  const densities = counts.map((count, i) => Math.log1p((count * narrowest) / (edges[i + 1]! - edges[i]!)))
  const highest = Math.max(...densities)
  const last = counts.findLastIndex((count) => count > 0)
  return densities.slice(0, Math.max(1, last + 1)).map((density, i) => ({
    from: edges[i]!,
    to: edges[i + 1]!,
    height: highest > 0 ? density / highest : 0,
  }))
}

/** At round numbers, about as many as `tickCount`. */
function drawTicks(
  { ctx, palette }: Pen,
  { from, to, at, y }: { from: number; to: number; at: (sigma: number) => number; y: number },
  t: Translate,
): void {
  const rough = (to - from) / tickCount
  const magnitude = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((round) => round * magnitude).find((round) => round >= rough)!
  for (let tick = Math.ceil(from / step); tick * step <= to; tick++) {
    const text = inSigma(tick * step, false, t).replace(/[.,]0/, '')
    const half = textWidth(text, smallFont) / 2
    const x = Math.min(at(to) - half, Math.max(at(from) + half, at(tick * step)))
    drawText(ctx, text, { ...smallFont, x, y, width: 2 * half, colour: palette.muted, align: 'center' })
  }
}

/** A line through the chart with its label above, kept inside the card. */
function drawMark({ ctx, palette }: Pen, mark: Mark, x: number, box: Rect, t: Translate): void {
  const style = { ...smallFont, weight: 'bold' } as const
  const text = `${mark.label} ${inSigma(mark.sigma, false, t)}`
  const half = textWidth(text, style) / 2
  const middle = Math.min(box.x + box.width - half, Math.max(box.x + half, x))
  ctx.fillStyle = palette.text
  ctx.fillRect(Math.min(x, box.x + box.width - 3), box.y + labelHeight - 8, 3, box.height - labelHeight + 8)
  const at = { x: middle, y: box.y + 24, width: box.width, colour: palette.text, align: 'center' as const }
  drawText(ctx, text, { ...style, ...at })
}
