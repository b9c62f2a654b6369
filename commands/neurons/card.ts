import type { Context } from '../../src/chat/context.ts'
import type { Card } from '../../src/cards/card.ts'
import { unpackPreview } from '../../src/clip/preview.ts'
import type { NeuronsAnswer } from './answer.ts'

/** The card of an answer with the heat map of the chosen unit. */
export async function cardOf(context: Context, kept: NeuronsAnswer, chosen: number): Promise<Card> {
  const { catalogue, cards } = context.services
  const { baseline } = catalogue
  const held = kept.inhibited.find(({ unit }) => unit === chosen)
  const map = (held ?? kept.units.find(({ unit }) => unit === chosen) ?? kept.units[0])?.map ?? []
  const [height, width] = kept.mapSize
  const around = (value: number): number =>
    (value - baseline.before.mean[chosen]!) / baseline.before.std[chosen]!
  const withName = <T extends { unit: number }>(measured: T) => ({
    ...measured,
    named: catalogue.units.find(({ unit }) => unit === measured.unit),
  })
  return cards.draw('neurons', {
    picture: { preview: await unpackPreview(kept.preview), facts: kept.facts },
    heatMap: { width, height, data: Float32Array.from(held ? map.map(around) : map) },
    units: kept.units.map(withName),
    inhibited: kept.inhibited.map(withName),
    chosen,
    modelTitle: catalogue.modelTitle,
    theme: context.theme,
  })
}
