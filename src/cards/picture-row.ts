import type { Translate } from '../language.ts'
import type { SKRSContext2D } from '@napi-rs/canvas'
import type { PictureFacts, RawPicture } from '../pictures/picture.ts'
import type { HeatMap } from '../neurons/heat-map.ts'
import { bitmap, clipped, inside, roundedBox, type Rect } from './canvas.ts'
import { drawHeatMap, heatColour, type HeatTone } from './heatmap.ts'
import { contentWidth, radius, sectionFont, smallFont, type Row } from './layout.ts'
import { drawText } from './text.ts'

/** The picture as the engine returns it: a preview of the whole, and which square the model saw. */
export interface SeenPicture {
  readonly preview: RawPicture
  readonly facts: Pick<PictureFacts, 'width' | 'height' | 'crop'>
}

/**
 * If a picture's long side is more than this many times its short side, only the part around the square is shown, so
 * that the square stays large enough.
 */
const longestShape = 2
const tallest = contentWidth
/** What the model did not see. */
const dimColour = 'rgb(10 8 16 / 0.62)'
/** A little shade under the map, so that weak activations show on white paper, too. */
const shadeColour = 'rgb(10 8 16 / 0.18)'
const frameColour = 'rgb(255 255 255 / 0.9)'
const scaleSize = { width: 132, height: 14 }

/** The picture with the map on the square that the model saw and the rest dimmed; tall pictures get a ground beside them. */
export function pictureRow({ preview, facts }: SeenPicture, map: HeatMap, tone: HeatTone): Row {
  const picture = bitmap(preview)
  const heat = drawHeatMap(map, tone)
  const part = shownPart(facts)
  const { height } = inside({ x: 0, y: 0, width: contentWidth, height: tallest }, part.width, part.height)
  return {
    height,
    draw: ({ ctx, palette }, box) => {
      const at = inside(box, part.width, part.height)
      const scale = at.width / part.width
      const side = facts.crop.side * scale
      const crop = {
        x: at.x + (facts.crop.left - part.x) * scale,
        y: at.y + (facts.crop.top - part.y) * scale,
        width: side,
        height: side,
      }
      roundedBox(ctx, box, radius, palette.panel)
      clipped(ctx, box, radius, () => {
        // The square may go beyond the picture.
        ctx.beginPath()
        ctx.rect(at.x, at.y, at.width, at.height)
        ctx.clip()
        // The preview is drawn at nearly its own size and the map is enlarged: bilinear sampling suffices.
        ctx.imageSmoothingQuality = 'low'
        drawPart(ctx, picture, preview.width / facts.width, part, at)
        dimOutside(ctx, at, crop)
        ctx.fillStyle = shadeColour
        ctx.fillRect(crop.x, crop.y, crop.width, crop.height)
        ctx.drawImage(heat, crop.x, crop.y, crop.width, crop.height)
      })
      if (at.width - side > 4 || at.height - side > 4) frame(ctx, crop)
    },
  }
}

/** The part of the picture that the card shows, in pixels of the original. */
function shownPart({ width, height, crop }: SeenPicture['facts']): Rect {
  const long = Math.round(crop.side * longestShape)
  const size = { width: Math.min(width, long), height: Math.min(height, long) }
  const start = (from: number, shown: number, whole: number): number =>
    Math.max(0, Math.min(whole - shown, from + (crop.side - shown) / 2))
  return { x: start(crop.left, size.width, width), y: start(crop.top, size.height, height), ...size }
}

function drawPart(
  ctx: SKRSContext2D,
  picture: ReturnType<typeof bitmap>,
  scale: number,
  part: Rect,
  at: Rect,
): void {
  const { x, y, width, height } = part
  ctx.drawImage(picture, x * scale, y * scale, width * scale, height * scale, at.x, at.y, at.width, at.height)
}

function dimOutside(ctx: SKRSContext2D, picture: Rect, crop: Rect): void {
  ctx.fillStyle = dimColour
  ctx.beginPath()
  ctx.rect(picture.x, picture.y, picture.width, picture.height)
  ctx.rect(crop.x, crop.y, crop.width, crop.height)
  ctx.fill('evenodd')
}

function frame(ctx: SKRSContext2D, { x, y, width, height }: Rect): void {
  ctx.strokeStyle = frameColour
  ctx.lineWidth = 2
  ctx.beginPath()
  ctx.roundRect(x + 1, y + 1, width - 2, height - 2, 4)
  ctx.stroke()
}

/** Below a picture: which unit's map it is, and the colour scale. */
export const scaleRow = (text: string, tone: HeatTone, t: Translate): Row => ({
  height: 48,
  draw: ({ ctx, palette }, { x, y, width }) => {
    const small = { ...smallFont, y: y + 36, width, colour: palette.muted }
    const strong = drawText(ctx, t('card.strong'), { ...small, x: x + width, align: 'right' })
    const left = x + width - strong - 12 - scaleSize.width
    const gradient = ctx.createLinearGradient(left, 0, left + scaleSize.width, 0)
    for (let step = 0; step <= 8; step++) gradient.addColorStop(step / 8, heatColour(step / 8, tone))
    ctx.fillStyle = gradient
    ctx.beginPath()
    ctx.roundRect(left, small.y - 15, scaleSize.width, scaleSize.height, scaleSize.height / 2)
    ctx.fill()
    const weak = drawText(ctx, t('card.weak'), { ...small, x: left - 12, align: 'right' })
    const free = left - 12 - weak - 24 - x
    drawText(ctx, text, { ...sectionFont, x, y: small.y, width: free, colour: palette.text })
  },
})
