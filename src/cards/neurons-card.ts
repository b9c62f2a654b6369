import { english, type Translate } from '../language.ts'
import type { HeatMap } from '../neurons/heat-map.ts'
import { finish, sentence, type Card } from './card.ts'
import { areasOf, compose, gap, note, section, type Row } from './layout.ts'
import { pictureRow, scaleRow, type SeenPicture } from './picture-row.ts'
import type { Theme } from './theme.ts'
import { unitInWords, unitName, unitRows, type CardUnit } from './unit-rows.ts'

export interface NeuronsCardData {
  readonly picture: SeenPicture
  /** Of the chosen unit, before the ReLU. */
  readonly heatMap: HeatMap
  /** The strongest first. The two lists together have at least one unit. */
  readonly units: readonly CardUnit[]
  /** Furthest below the mean first, with negative sigma. */
  readonly inhibited: readonly CardUnit[]
  /** Number of the unit whose map is shown; one of those above. */
  readonly chosen: number
  readonly modelTitle: string
  readonly theme: Theme
}

/** What fires for a picture, how strongly, and where. */
export async function neuronsCard(data: NeuronsCardData, t: Translate = english): Promise<Card> {
  const { picture, heatMap, units, inhibited, chosen, modelTitle, theme } = data
  const unit = [...units, ...inhibited].find((one) => one.unit === chosen)
  if (!unit) throw new Error(`Unit ${chosen} is not on the card.`)
  const heldBack = !units.includes(unit)
  const tone = heldBack ? 'cool' : 'warm'
  const name = unitName(unit, t)
  const rows = [
    pictureRow(picture, heatMap, tone),
    scaleRow(heldBack ? t('card.heldBackHere', { name }) : t('card.firesHere', { name }), tone, t),
    ...(await group(t('card.fires'), t('card.fromZero'), units, chosen, t)),
    ...(await group(t('card.heldBack'), t('card.belowUsual'), inhibited, chosen, t)),
    gap(10),
    note(modelTitle),
  ]
  const card = await finish(compose(theme, rows), true, inWords(data, name, heldBack, t))
  return { ...card, areas: areasOf(rows) }
}

async function group(
  name: string,
  measure: string,
  units: readonly CardUnit[],
  chosen: number,
  t: Translate,
): Promise<Row[]> {
  return units.length > 0 ? [gap(18), section(name, measure), ...(await unitRows(units, { chosen }, t))] : []
}

const listed = (units: readonly CardUnit[], t: Translate): string =>
  units.map((unit) => unitInWords(unit, false, t)).join('; ')

function inWords(
  { units, inhibited, heatMap, modelTitle }: NeuronsCardData,
  name: string,
  heldBack: boolean,
  t: Translate,
): string {
  const place = strongestPlace(heatMap, heldBack ? -1 : 1)
  const where = heldBack ? t('card.whereHeldBack', { name }) : t('card.whereFires', { name })
  return [
    place ? t('card.most', { where, place: t(`card.place.${place}`) }) : t('card.nowhere', { where }),
    ...(units.length > 0 ? [t('card.firesList', { list: listed(units, t) })] : []),
    ...(inhibited.length > 0 ? [t('card.heldBackList', { list: listed(inhibited, t) })] : []),
    sentence(t('card.model', { model: modelTitle })),
  ].join(' ')
}

const places = [
  ['upperLeft', 'upper', 'upperRight'],
  ['left', 'middle', 'right'],
  ['lowerLeft', 'lower', 'lowerRight'],
] as const
type Place = (typeof places)[number][number]

/** the ninth of the square in which the map peaks; undefined if it is flat. */
function strongestPlace({ width, height, data }: HeatMap, sign: 1 | -1): Place | undefined {
  let best = 0
  data.forEach((value, i) => {
    if (sign * value > sign * data[best]!) best = i
  })
  if (sign * data[best]! <= 0) return undefined
  const column = Math.floor((((best % width) + 0.5) / width) * 3)
  const row = Math.floor(((Math.floor(best / width) + 0.5) / height) * 3)
  return places[row]![column]
}
