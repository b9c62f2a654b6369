import type { Context } from '../../src/chat/context.ts'
import type { Card } from '../../src/cards/card.ts'
import { unpackPreview } from '../../src/pictures/preview.ts'
import type { NeuronsAnswer } from './records.ts'

/** The card of an answer with the heat map of the chosen unit. */
export async function cardOf(context: Context, kept: NeuronsAnswer, chosen: number): Promise<Card> {
  const { catalogue, cards, gallery } = context.services
  const { baseline } = catalogue
  const held = kept.inhibited.find(({ unit }) => unit === chosen)
  const map = (held ?? kept.units.find(({ unit }) => unit === chosen) ?? kept.units[0])?.map ?? []
  const [height, width] = kept.mapSize
  const around = (value: number): number =>
    (value - baseline.before.mean[chosen]!) / baseline.before.std[chosen]!
  const described = <T extends { unit: number }>(list: readonly T[]) =>
    Promise.all(
      list.map(async (measured) => ({
        ...measured,
        named: catalogue.unit(measured.unit),
        thumbnail: await gallery.thumbnail(measured.unit),
      })),
    )
  return cards.draw('neurons', {
    picture: { preview: await unpackPreview(kept.preview), facts: kept.facts },
    heatMap: { width, height, data: Float32Array.from(held ? map.map(around) : map) },
    units: await described(kept.units),
    inhibited: await described(kept.inhibited),
    chosen,
    modelTitle: catalogue.modelTitle,
    theme: context.theme,
    language: context.t.language,
  })
}
