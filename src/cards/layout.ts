import { createCanvas, type Canvas, type SKRSContext2D } from '@napi-rs/canvas'
import type { Rect } from './canvas.ts'
import type { Area } from './card.ts'
import { drawText, wrap } from './text.ts'
import { palettes, type Palette, type Theme } from './theme.ts'

/** A card is shown about 360 CSS pixels wide on a phone, half its own size. */
export const cardWidth = 720
/** So that no text is smaller than 12 CSS pixels there. */
const smallestText = 24
export const margin = 28
export const contentWidth = cardWidth - 2 * margin
export const radius = 18

export const titleFont = { size: 36, weight: 'bold' } as const
export const sectionFont = { size: smallestText, weight: 'bold' } as const
export const nameFont = { size: 29, weight: 'bold' } as const
export const bodyFont = { size: 27 } as const
export const smallFont = { size: smallestText } as const

export interface Pen {
  readonly ctx: SKRSContext2D
  readonly palette: Palette
}

/** A strip of a card as wide as its content; it draws itself into the box that it is given. */
export interface Row {
  readonly height: number
  /** The unit that it is about. */
  readonly unit?: number
  draw(pen: Pen, box: Rect): void
}

/** Stacks rows into a card. */
export function compose(theme: Theme, rows: readonly Row[]): Canvas {
  const height = cardHeight(rows)
  const canvas = createCanvas(cardWidth, height)
  const pen: Pen = { ctx: canvas.getContext('2d'), palette: palettes[theme] }
  // Mipmaps keep small pictures clean; 'high' takes 3 ms more a card and looks the same at these sizes.
  pen.ctx.imageSmoothingQuality = 'medium'
  pen.ctx.fillStyle = pen.palette.ground
  pen.ctx.fillRect(0, 0, cardWidth, height)
  let y = margin
  for (const row of rows) {
    row.draw(pen, { x: margin, y, width: contentWidth, height: row.height })
    y += row.height
  }
  return canvas
}

/** Where the rows about units end up. */
export function areasOf(rows: readonly Row[]): Area[] {
  const all = cardHeight(rows)
  let y = margin
  return rows.flatMap(({ unit, height }) => {
    const area = unit === undefined ? [] : [{ unit, top: y / all, height: height / all }]
    y += height
    return area
  })
}

const cardHeight = (rows: readonly Row[]): number =>
  Math.ceil(rows.reduce((sum, row) => sum + row.height, 2 * margin))

export const gap = (height: number): Row => ({ height, draw: () => undefined })

/** The card's title, in at most two lines. */
export function title(text: string): Row {
  const lines = wrap(text, contentWidth, 2, titleFont)
  return {
    height: lines.length * 46,
    draw: ({ ctx, palette }, { x, y, width }) =>
      lines.forEach((line, i) =>
        drawText(ctx, line, { ...titleFont, x, y: y + 35 + i * 46, width, colour: palette.text }),
      ),
  }
}

/** The name of a group of rows, with an optional remark at the right end. */
export const section = (text: string, remark = ''): Row => ({
  height: 42,
  draw: ({ ctx, palette }, { x, y, width }) => {
    const used = drawText(ctx, text, { ...sectionFont, x, y: y + 26, width, colour: palette.text })
    drawText(ctx, remark, {
      ...smallFont,
      x: x + width,
      y: y + 26,
      width: width - used - 24,
      colour: palette.muted,
      align: 'right',
    })
  },
})

/** Small print: model, unit number, whose label. */
export function note(text: string, maxLines = 2): Row {
  const lines = wrap(text, contentWidth, maxLines, smallFont)
  return {
    height: lines.length * 32,
    draw: ({ ctx, palette }, { x, y, width }) =>
      lines.forEach((line, i) =>
        drawText(ctx, line, { ...smallFont, x, y: y + 25 + i * 32, width, colour: palette.muted }),
      ),
  }
}
