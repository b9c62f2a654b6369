import type { Card } from '../../src/cards/card.ts'
import type { Context } from '../../src/chat/context.ts'
import { goodAt } from '../../src/chat/about-model.ts'
import { bars, button, buttons, cardPicture, note, picture } from '../../src/chat/elements.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Bar, Button, Element, Reply } from '../../src/chat/reply.ts'
import { capitalised, inSigma } from '../../src/chat/words.ts'
import { english, spoken, type Translate } from '../../src/language.ts'
import { writtenName } from '../../src/neurons/written-name.ts'
import { neuronActions } from '../neuron/actions.ts'
import { nameOfUnit } from '../neuron/look-up.ts'
import { neuronsActions } from './actions.ts'
import type { NeuronsAnswer } from './records.ts'
import { isGuess } from './belief.ts'
import { cardOf } from './card.ts'
import { carriedInWords } from './carried.ts'
import { isNamed, type Take, takesInWords } from './takes.ts'

interface ListedUnit {
  readonly unit: number
  readonly name: string
  readonly sigma: number
  /** Share of the reference pictures that fire it less, 0 to 100. */
  readonly percentile?: number | undefined
}

/** For programs. */
export interface NeuronsData {
  readonly model: string
  readonly provider: NeuronsAnswer['provider']
  /** What it takes the picture for, the likeliest first. */
  readonly takes: readonly Take[]
  /** How like the first of them the picture is, as a cosine, and the units that add most to it; not on every pack. */
  readonly carried?: {
    readonly label: string
    readonly likeness: number
    readonly units: readonly { readonly unit: number; readonly name: string; readonly share: number }[]
  }
  readonly units: readonly ListedUnit[]
  readonly inhibited: readonly ListedUnit[]
}

/** A stored answer, with the map of the chosen unit. @param id under which it is stored */
export async function replyFor(
  given: Context,
  id: string,
  kept: NeuronsAnswer,
  chosen: number,
): Promise<Reply<NeuronsData>> {
  const { catalogue } = given.services
  const { carried } = kept
  const t = given.translators[kept.visibility]
  const guess = isGuess(kept.takes, catalogue.trust)
  const card = await cardOf({ ...given, t }, kept, chosen)
  const nameOf = (unit: number) => nameOfUnit(catalogue, unit, t)
  const labelOf = (unit: number) => {
    const name = capitalised(nameOf(unit))
    return catalogue.unit(unit) ? t('neurons.bars.unit', { name, unit }) : name
  }
  const showing = (unit: number): Button =>
    button(neuronsActions.id('heat', id, unit), capitalised(nameOf(unit)), {
      style: unit === chosen ? 'primary' : 'secondary',
      ...areaOf(card, unit),
    })
  const more: Button[] = [
    button(neuronActions.id('page', chosen, id), t('neuron.about', { name: nameOf(chosen) })),
  ]
  if (kept.visibility === 'person') {
    more.push(button(neuronsActions.id('post', id, chosen), t('neurons.post')))
  }
  more.push(button(neuronActions.id('rename', chosen), t('neuron.rename.button')))
  const elements: Element[] = [
    takesInWords(kept.takes, guess, t),
    picture(cardPicture(card, 'neurons', kept.spoiler), { instead: inWords(kept, labelOf, t) }),
    buttons([...kept.units, ...kept.inhibited].map(({ unit }) => showing(unit))),
    buttons(more),
    ...(isNamed(kept.takes) ? carriedInWords(carried, catalogue, t) : []),
    note(plain(`${catalogue.modelTitle}: ${spoken(catalogue.summary, t)}`)),
    ...(guess && catalogue.trust ? [note(goodAt(catalogue.trust, t))] : []),
    ...(seesLittleOf(kept.facts) ? [note(t('neurons.middle'))] : []),
    ...(kept.facts.animated ? [note(t('neurons.moves'))] : []),
    ...(kept.facts.damaged ? [note(t('neurons.damaged'))] : []),
  ]
  const listed = ({ unit, sigma, percentile }: Omit<ListedUnit, 'name'>): ListedUnit => ({
    unit,
    name: nameOfUnit(catalogue, unit, english),
    sigma,
    percentile,
  })
  const data = {
    model: catalogue.modelId,
    provider: kept.provider,
    takes: kept.takes.map((take) => ({ ...take, label: writtenName(take.label) })),
    ...(carried && {
      carried: {
        ...carried,
        label: writtenName(carried.label),
        units: carried.units.map((one) => ({ ...one, name: nameOfUnit(catalogue, one.unit, english) })),
      },
    }),
    units: kept.units.map(listed),
    inhibited: kept.inhibited.map(listed),
  }
  return { elements, data }
}

/** The card as bars of text. */
function inWords(
  { units, inhibited }: NeuronsAnswer,
  labelOf: (unit: number) => string,
  t: Translate,
): Element[] {
  const barsOf = (measured: readonly { unit: number; sigma: number }[]): Bar[] => {
    const most = Math.max(...measured.map(({ sigma }) => Math.abs(sigma)))
    return measured.map(({ unit, sigma }) => ({
      label: labelOf(unit),
      share: Math.abs(sigma) / most,
      value: inSigma(sigma, false, t),
    }))
  }
  return [bars(barsOf(units), t('neurons.bars.fires')), bars(barsOf(inhibited), t('neurons.bars.heldBack'))]
}

/** Whether much of the picture is outside the square that the model sees. */
const seesLittleOf = ({ width, height, crop }: NeuronsAnswer['facts']): boolean =>
  crop.side < 0.8 * Math.max(width, height)

function areaOf({ areas = [] }: Card, unit: number): Pick<Button, 'area'> {
  const found = areas.find((area) => area.unit === unit)
  return found ? { area: { top: found.top, height: found.height } } : {}
}
