import { settingsOf } from '../../src/chat/community.ts'
import type { Context } from '../../src/chat/context.ts'
import type { Baseline, UnitTuning } from '../../src/clip/pack-schema.ts'
import { neuronsAnswer, type NeuronsAnswer } from '../neurons/records.ts'
import { type ShownUnit, unitByNumber } from './look-up.ts'
import { isFit, type Suggestion, suggestionsOf } from './votes.ts'

const shown = { words: 8, wordsAgainst: 5, pictures: 6, picturesAgainst: 3, together: 3, against: 2 }

/** What a unit's page says: everything in it may be shown in this community. */
export interface PageFacts {
  readonly unit: ShownUnit
  /** Absent if the pack has not been measured. */
  readonly tuning: Omit<UnitTuning, 'together' | 'against'> | undefined
  readonly related: readonly (ShownUnit & { readonly correlation: number })[]
  readonly suggestions: readonly Suggestion[]
  /** How strongly the picture on the card that opened the page fires it, in sigma. */
  readonly marked: number | undefined
}

/** @param answer id of the /neurons answer from which the page was opened */
export async function factsOf(
  { services, place }: Context,
  unit: ShownUnit,
  answer?: string,
): Promise<PageFacts> {
  const { catalogue, store } = services
  const settings = await settingsOf(store, place)
  const found = catalogue.tuning?.units[unit.unit]
  const fit = <T>(list: readonly T[], text: (one: T) => string, most: number): T[] =>
    list.filter((one) => isFit(settings, text(one))).slice(0, most)
  const mayShow = (other: number) =>
    settings.sensitive || !catalogue.units.some((each) => each.unit === other && each.sensitive)
  const others = (['together', 'against'] as const).flatMap((way) =>
    (found?.[way] ?? [])
      .filter((other) => mayShow(other.unit))
      .slice(0, shown[way])
      .map(({ unit, correlation }) => ({ ...unitByNumber(catalogue, settings, unit), correlation })),
  )
  const kept = answer ? await store.get(neuronsAnswer, place, [answer]) : undefined
  return {
    unit,
    tuning: found && {
      words: fit(found.words, ({ word }) => word, shown.words),
      wordsAgainst: fit(found.wordsAgainst, ({ word }) => word, shown.wordsAgainst),
      pictures: fit(found.pictures, ({ label }) => label, shown.pictures),
      picturesAgainst: fit(found.picturesAgainst, ({ label }) => label, shown.picturesAgainst),
    },
    related: others,
    suggestions: await suggestionsOf(store, place, settings, unit.unit),
    marked: kept && strengthIn(kept, unit.unit, catalogue.baseline),
  }
}

/** Even for a unit that was held back; its card says how far below the usual it is instead. */
function strengthIn(
  { units, inhibited }: NeuronsAnswer,
  unit: number,
  { after }: Baseline,
): number | undefined {
  const fired = units.find((each) => each.unit === unit)
  if (fired) return fired.sigma
  const map = inhibited.find((each) => each.unit === unit)?.map
  if (!map || !(after.rms[unit]! > 0)) return undefined
  return map.reduce((sum, value) => sum + Math.max(0, value), 0) / map.length / after.rms[unit]!
}
