import type { Canvas, Image } from '@napi-rs/canvas'
import { drawInside, open, type Rect, type CardPicture } from './canvas.ts'
import { CONTENT_WIDTH, RADIUS, SMALL, type Pen, type Row } from './layout.ts'
import { drawText } from './text.ts'

/** A picture with up to two lines under it; an empty caption takes no room. */
export interface Cell {
  readonly picture: CardPicture
  readonly caption: string
  readonly detail?: string | undefined
}

const SPACE = 20
const LINE = 32

/** One picture gets the whole row, up to four come in two columns, more in three. */
const columnsFor = (cells: number): number => (cells <= 1 ? 1 : cells <= 4 ? 2 : 3)

/** The pictures, each shown whole, in a grid of squares; a single one in a wide box. */
export async function gridRows(cells: readonly Cell[]): Promise<Row[]> {
  const pictures = await Promise.all(cells.map(({ picture }) => open(picture)))
  const columns = columnsFor(cells.length)
  const width = (CONTENT_WIDTH - SPACE * (columns - 1)) / columns
  const height = columns === 1 ? Math.round(width * 0.6) : width
  const lines = Math.max(0, ...cells.map(({ caption, detail }) => (detail ? 2 : caption ? 1 : 0)))
  const starts = Array.from({ length: Math.ceil(cells.length / columns) }, (_, row) => row * columns)
  return starts.map((start) => ({
    height: height + lines * LINE + SPACE,
    draw: (pen, { x, y }) =>
      cells.slice(start, start + columns).forEach((cell, column) => {
        const box = { x: x + column * (width + SPACE), y, width, height }
        drawCell(pen, cell, pictures[start + column]!, box)
      }),
  }))
}

function drawCell({ ctx, palette }: Pen, cell: Cell, picture: Canvas | Image, box: Rect): void {
  drawInside(ctx, picture, box, RADIUS, palette.panel)
  const at = { ...SMALL, x: box.x, width: box.width }
  const y = box.y + box.height + LINE
  drawText(ctx, cell.caption, { ...at, weight: 'bold', y, colour: palette.text })
  drawText(ctx, cell.detail ?? '', { ...at, y: y + LINE, colour: palette.muted })
}
