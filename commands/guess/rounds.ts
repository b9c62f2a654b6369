import type { CommunitySettings } from '../../src/chat/community.ts'
import type { Picture } from '../../src/chat/reply.ts'
import type { Services } from '../../src/chat/services.ts'
import { english, type Translate } from '../../src/language.ts'
import { random, seedOf, shuffled } from '../../src/games/seed.ts'
import type { Unit } from '../../src/neurons/catalogue.ts'
import { sameName } from '../../src/neurons/same-name.ts'
import { sharpOf } from '../../src/pictures/raw.ts'
import { byLook, recognised, shown } from '../question/looks.ts'
import { questionAbout } from '../question/ask.ts'
import type { Asked } from '../question/records.ts'
import { isFit } from '../neuron/votes.ts'
import type { Round } from './records.ts'

const pictures = 4
const side = 240
const fewest = 8

/** What a round takes from the house. */
type From = Pick<Services, 'catalogue' | 'gallery' | 'probe'> & {
  readonly settings: CommunitySettings
  /** Wrong answers that are near, and pictures that are harder to tell apart. */
  readonly hard: boolean
}

/** Units whose picture can be told from others, for beginners those whose name is sure; all units if there are few of those. */
export function recognisable(
  units: readonly Unit[],
  { gallery, hard }: From,
  facet?: string,
): readonly Unit[] {
  const [sure, others] = byLook(units, gallery, hard ? recognised.hard : recognised.easy, facet)
  const told = [...sure, ...others]
  return [...(hard ? [] : [sure]), told, units].find((some) => some.length >= fewest) ?? units
}

/** Probe pictures that fire a unit most, without written words, which would be its name. */
const allItemsOf = ({ unit }: Unit, { catalogue, probe }: From): number[] =>
  (catalogue.tuning?.units[unit]?.pictures ?? [])
    .map(({ item }) => item)
    .filter((item) => probe.items[item]?.kind !== 'word')

/** The first ones that may be shown here, so many of them: judging whether a label may be takes long. */
function itemsOf(unit: Unit, from: From, most = Infinity): number[] {
  const items: number[] = []
  for (const item of allItemsOf(unit, from)) {
    if (items.length === most) break
    if (isFit(from.settings, from.probe.items[item]!.label)) items.push(item)
  }
  return items
}

/**
 * Units of which there are enough pictures to ask with, and whose name tells what the first of them shows.
 * @param least so many of the pictures are of what the unit is called: many units fire for other things as well
 */
export function pictured(units: readonly Unit[], from: From, least: 1 | 2): readonly Unit[] {
  return units.filter((unit) => {
    const isOfIt = (item: number) => sameName(from.probe.items[item]!.label, unit.name)
    // Few units pass these tests, and the quickest test comes first.
    if (allItemsOf(unit, from).filter(isOfIt).length < least || !itemsOf(unit, from, 1).some(isOfIt))
      return false
    const own = itemsOf(unit, from, pictures)
    return own.length === pictures && own.filter(isOfIt).length >= least
  })
}

/** Rounds that this pack has what is needed for. */
export function roundsFor(units: readonly Unit[], from: From): readonly Round[] {
  return [
    'look',
    ...(pictured(units, from, 2).length >= fewest ? (['pictures'] as const) : []),
    ...(pictured(units, from, 1).length >= fewest ? (['which'] as const) : []),
  ]
}

export const firing = (unit: Unit, from: From, t: Translate): Promise<Picture[]> =>
  picturesOf(itemsOf(unit, from, pictures), from, t)

/** One picture that fires the unit among three that fire others. @param id the same id gives the same question */
export function whichFires(unit: Unit, units: readonly Unit[], id: string, from: From) {
  const own = itemsOf(unit, from)
  const { choices } = questionAbout(unit, units, from.catalogue, id, from.hard)
  const others = choices
    .filter((name) => name !== unit.name)
    .flatMap((name) => {
      const other = units.find((each) => each.name === name)
      const item = other && itemsOf(other, from).find((each) => !own.includes(each))
      return item === undefined ? [] : [item]
    })
  const items = shuffled([own[0]!, ...others], random(seedOf(id, 'which')))
  const asked: Asked = {
    unit: unit.unit,
    choices: items.map((_, i) => english('guess.which.picture', { number: i + 1 })),
    answer: items.indexOf(own[0]!),
  }
  return { asked, items }
}

/** Doesn't give away what they show: that is the question. */
export const picturesOf = (items: readonly number[], { probe }: From, t: Translate): Promise<Picture[]> =>
  Promise.all(
    items.map(async (item, i) => {
      const bytes = await shown(sharpOf(await probe.picture(probe.items[item]!)), side)
      return {
        bytes,
        mimeType: 'image/jpeg' as const,
        name: `picture-${i + 1}.jpeg`,
        alt: t('guess.pictures.alt', { number: i + 1, all: items.length }),
      }
    }),
  )
