import type { HeatMap } from '../neurons/heat-map.ts'
import { barInWords, barRows, type LabelBar } from './bar-rows.ts'
import { finish, sentence, type Card } from './card.ts'
import { compose, gap, note, section, title, type Row } from './layout.ts'
import { pictureRow, scaleRow, type SeenPicture } from './picture-row.ts'
import type { Theme } from './theme.ts'
import { unitInWords, unitName, unitRows, type CardUnit } from './unit-rows.ts'

export interface EntryCardData {
  readonly title: string
  /** The entry, with the writing on it. */
  readonly picture: SeenPicture
  /** The unit that contributed most to the answer, and where it fires. */
  readonly carrier: { readonly unit: CardUnit; readonly heatMap: HeatMap }
  /** Labels with `before` from the clean picture. */
  readonly bars: readonly LabelBar[]
  /** Units with their change in sigma from the clean picture: positive and negative. */
  readonly switchedOn: readonly CardUnit[]
  readonly switchedOff: readonly CardUnit[]
  /** What was measured, for example "read 92 %, seen 8 %", and the model. */
  readonly note: string
  readonly theme: Theme
}

/** Why an entry of a contest worked: the answer before and after, and the units that the writing switched. */
export async function entryCard(data: EntryCardData): Promise<Card> {
  const { picture, carrier, bars, switchedOn, switchedOff, theme } = data
  const where = `Where ${unitName(carrier.unit)} fires`
  const rows = [
    title(data.title),
    gap(14),
    pictureRow(picture, carrier.heatMap, 'warm'),
    scaleRow(`Fires here: ${unitName(carrier.unit)}`, 'warm'),
    gap(18),
    section("The model's answer", 'thin: before'),
    ...barRows(bars),
    ...(await switched('Switched on', switchedOn)),
    ...(await switched('Switched off', switchedOff)),
    gap(10),
    note(data.note, 3),
  ]
  const units = [listed('Switched on', switchedOn), listed('Switched off', switchedOff)]
  const alt = [data.title, bars.map(barInWords).join('; '), where, ...units, data.note]
    .map(sentence)
    .join(' ')
  return finish(compose(theme, rows), true, alt)
}

const switched = async (name: string, units: readonly CardUnit[]): Promise<Row[]> =>
  units.length > 0
    ? [gap(14), section(name, 'change in σ'), ...(await unitRows(units, { differences: true }))]
    : []

const listed = (head: string, units: readonly CardUnit[]): string =>
  units.length > 0 ? `${head}: ${units.map((unit) => unitInWords(unit, true)).join('; ')}` : ''
