import { english, type Translate } from '../language.ts'
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
export async function entryCard(data: EntryCardData, t: Translate = english): Promise<Card> {
  const { picture, carrier, bars, switchedOn, switchedOff, theme } = data
  const name = unitName(carrier.unit, t)
  const where = t('card.whereFires', { name })
  const rows = [
    title(data.title),
    gap(14),
    pictureRow(picture, carrier.heatMap, 'warm'),
    scaleRow(t('card.firesHere', { name }), 'warm', t),
    gap(18),
    section(t('card.answer'), t('card.thinBefore')),
    ...barRows(bars, t),
    ...(await switched(t('card.switchedOn'), switchedOn, t)),
    ...(await switched(t('card.switchedOff'), switchedOff, t)),
    gap(10),
    note(data.note, 3),
  ]
  const units = [
    switchedOn.length > 0 ? t('card.switchedOnList', { list: listed(switchedOn, t) }) : '',
    switchedOff.length > 0 ? t('card.switchedOffList', { list: listed(switchedOff, t) }) : '',
  ]
  const alt = [data.title, bars.map((bar) => barInWords(bar, t)).join('; '), where, ...units, data.note]
    .map(sentence)
    .join(' ')
  return finish(compose(theme, rows), true, alt)
}

const switched = async (name: string, units: readonly CardUnit[], t: Translate): Promise<Row[]> =>
  units.length > 0
    ? [gap(14), section(name, t('card.change')), ...(await unitRows(units, { differences: true }, t))]
    : []

const listed = (units: readonly CardUnit[], t: Translate): string =>
  units.map((unit) => unitInWords(unit, true, t)).join('; ')
