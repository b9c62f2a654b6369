import type { Canvas, Image } from '@napi-rs/canvas'
import { drawInside, open, type Rect, type CardPicture } from './canvas.ts'
import { contentWidth, radius, smallFont, type Pen, type Row } from './layout.ts'
import { drawText } from './text.ts'

/** A picture with up to two lines under it; an empty caption takes no room. */
export interface Cell {
  readonly picture: CardPicture
  readonly caption: string
  readonly detail?: string | undefined
}

const space = 20
const lineHeight = 32

/** One picture gets the whole row, up to four come in two columns, more in three. */
const columnsFor = (cells: number): number => (cells <= 1 ? 1 : cells <= 4 ? 2 : 3)

/** The pictures, each shown whole, in a grid of squares; a single one in a wide box. */
export async function gridRows(cells: readonly Cell[]): Promise<Row[]> {
  const pictures = await Promise.all(cells.map(({ picture }) => open(picture)))
  const columns = columnsFor(cells.length)
  const width = (contentWidth - space * (columns - 1)) / columns
  const height = columns === 1 ? Math.round(width * 0.6) : width
  const lines = Math.max(0, ...cells.map(({ caption, detail }) => (detail ? 2 : caption ? 1 : 0)))
  const starts = Array.from({ length: Math.ceil(cells.length / columns) }, (_, row) => row * columns)
  return starts.map((start) => ({
    height: height + lines * lineHeight + space,
    draw: (pen, { x, y }) =>
      cells.slice(start, start + columns).forEach((cell, column) => {
        const box = { x: x + column * (width + space), y, width, height }
        drawCell(pen, cell, pictures[start + column]!, box)
      }),
  }))
}

function drawCell({ ctx, palette }: Pen, cell: Cell, picture: Canvas | Image, box: Rect): void {
  drawInside(ctx, picture, box, radius, palette.panel)
  const at = { ...smallFont, x: box.x, width: box.width }
  const y = box.y + box.height + lineHeight
  drawText(ctx, cell.caption, { ...at, weight: 'bold', y, colour: palette.text })
  drawText(ctx, cell.detail ?? '', { ...at, y: y + lineHeight, colour: palette.muted })
}
