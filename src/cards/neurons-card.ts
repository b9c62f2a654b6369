import type { HeatMap } from '../neurons/heat-map.ts'
import { finish, type Card } from './card.ts'
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
export async function neuronsCard(data: NeuronsCardData): Promise<Card> {
  const { picture, heatMap, units, inhibited, chosen, modelTitle, theme } = data
  const unit = [...units, ...inhibited].find((one) => one.unit === chosen)
  if (!unit) throw new Error(`Unit ${chosen} is not on the card.`)
  const heldBack = !units.includes(unit)
  const tone = heldBack ? 'cool' : 'warm'
  const where = heldBack ? `Where ${unitName(unit)} is held back` : `Where ${unitName(unit)} fires`
  const rows = [
    pictureRow(picture, heatMap, tone),
    scaleRow(`${heldBack ? 'Held back' : 'Fires'} here: ${unitName(unit)}`, tone),
    ...(await group('Fires', 'σ from zero', units, chosen)),
    ...(await group('Held back', 'σ below the usual', inhibited, chosen)),
    gap(10),
    note(modelTitle),
  ]
  const card = await finish(compose(theme, rows), true, inWords(data, where, heldBack ? -1 : 1))
  return { ...card, areas: areasOf(rows) }
}

async function group(
  name: string,
  measure: string,
  units: readonly CardUnit[],
  chosen: number,
): Promise<Row[]> {
  return units.length > 0 ? [gap(18), section(name, measure), ...(await unitRows(units, { chosen }))] : []
}

const listed = (head: string, units: readonly CardUnit[]): string =>
  units.length > 0 ? `${head}: ${units.map((unit) => unitInWords(unit)).join('; ')}.` : ''

function inWords(
  { units, inhibited, heatMap, modelTitle }: NeuronsCardData,
  where: string,
  sign: 1 | -1,
): string {
  const place = strongestPlace(heatMap, sign)
  return [
    `${where}: ${place ? `most in the ${place} of what the model saw` : 'nowhere in particular'}.`,
    listed('Fires', units),
    listed('Held back', inhibited),
    `Model: ${modelTitle}.`,
  ].join(' ')
}

/** "upper left", "middle", ...: the ninth of the square in which the map peaks; undefined if it is flat. */
function strongestPlace({ width, height, data }: HeatMap, sign: 1 | -1): string | undefined {
  let best = 0
  data.forEach((value, i) => {
    if (sign * value > sign * data[best]!) best = i
  })
  if (sign * data[best]! <= 0) return undefined
  const column = ['left', '', 'right'][Math.floor((((best % width) + 0.5) / width) * 3)]
  const row = ['upper', '', 'lower'][Math.floor(((Math.floor(best / width) + 0.5) / height) * 3)]
  const named = [row, column].filter(Boolean).join(' ')
  if (named === '') return 'middle'
  return row && column ? named : `${named}${row ? ' middle' : ' side'}`
}
