import { english, type Translate } from '../language.ts'
import { drawBar, drawThumbnail, open, roundedBox, type Rect, type CardPicture } from './canvas.ts'
import { finish, sentence, type Card } from './card.ts'
import {
  compose,
  gap,
  nameFont,
  note,
  sectionFont,
  section,
  smallFont,
  title,
  type Pen,
  type Row,
} from './layout.ts'
import { drawText } from './text.ts'
import type { Theme } from './theme.ts'

interface Standing {
  /** From 1; ties share one. */
  readonly place: number
  readonly player: string
  readonly thumbnail?: CardPicture | undefined
  /** What counts, for example "3.2 % ink" or "12.4 σ". */
  readonly value: string
  /** Length of the bar, 0 to 1. */
  readonly share: number
  /** A line under the bar, for example "fools: iPod 83 %". */
  readonly detail: string
}

export interface BoardCardData {
  readonly title: string
  /** What is being ranked, for example "Make it see an iPod". */
  readonly subject: string
  /** One page, at most 10. */
  readonly standings: readonly Standing[]
  readonly page: number
  readonly pages: number
  readonly note: string
  readonly theme: Theme
}

const rowHeight = 120
const thumbnailSide = 96
const thumbnailRadius = 12
const discSide = 48
const placeWidth = 64
const valueWidth = 240

/** The standings of a game, one page. */
export async function boardCard(data: BoardCardData, t: Translate = english): Promise<Card> {
  const paging = data.pages > 1 ? t('card.page', { page: data.page, pages: data.pages }) : ''
  const rows = [
    title(data.title),
    section(data.subject, paging),
    gap(8),
    ...(await standingRows(data.standings)),
    gap(8),
    note(data.note),
  ]
  const list = data.standings.map((one) => `${one.place}. ${one.player}, ${one.value}, ${one.detail}`)
  const alt = [data.title, data.subject, list.join('; '), data.note, paging].map(sentence).join(' ')
  return finish(
    compose(data.theme, rows),
    data.standings.some(({ thumbnail }) => thumbnail),
    alt,
  )
}

async function standingRows(standings: readonly Standing[]): Promise<Row[]> {
  const pictures = await Promise.all(
    standings.map(async ({ thumbnail }) => (thumbnail ? open(thumbnail) : undefined)),
  )
  const indent = placeWidth + (pictures.some(Boolean) ? thumbnailSide + 20 : 0)
  return standings.map((standing, i) => ({
    height: rowHeight,
    draw: (pen, { x, y, width }) => {
      const top = y + (rowHeight - thumbnailSide) / 2
      drawPlace(pen, standing.place, x, y + rowHeight / 2)
      if (indent > placeWidth) {
        const thumbnail = { x: x + placeWidth, y: top, width: thumbnailSide, height: thumbnailSide }
        drawThumbnail(pen.ctx, pictures[i], thumbnail, thumbnailRadius, pen.palette.track)
      }
      drawStanding(pen, standing, { x: x + indent, y: top, width: width - indent, height: thumbnailSide })
    },
  }))
}

/** The leader's number is on colour, the others' on the panel. */
function drawPlace({ ctx, palette }: Pen, place: number, x: number, middle: number): void {
  const disc = { x, y: middle - discSide / 2, width: discSide, height: discSide }
  roundedBox(ctx, disc, discSide / 2, place === 1 ? palette.warmPanel : palette.panel)
  const at = { x: x + discSide / 2, y: middle + 9, width: discSide, align: 'center' as const }
  drawText(ctx, String(place), { ...sectionFont, ...at, colour: palette.text })
}

function drawStanding({ ctx, palette }: Pen, standing: Standing, { x, y, width }: Rect): void {
  const right = { ...nameFont, x: x + width, y: y + 28, width: valueWidth, align: 'right' as const }
  const used = drawText(ctx, standing.value, { ...right, colour: palette.text })
  drawText(ctx, standing.player, {
    ...nameFont,
    x,
    y: y + 28,
    width: width - used - 20,
    colour: palette.text,
  })
  const colour = standing.place === 1 ? palette.warm : palette.neutral
  drawBar(ctx, { x, y: y + 44, width, height: 14 }, standing.share, colour, palette.track)
  drawText(ctx, standing.detail, { ...smallFont, x, y: y + 90, width, colour: palette.muted })
}
