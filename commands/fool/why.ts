import type { Context } from '../../src/chat/context.ts'
import { settingsOf } from '../../src/chat/community.ts'
import { cardPicture } from '../../src/chat/elements.ts'
import type { Picture } from '../../src/chat/reply.ts'
import type { DrawingData } from '../../src/cards/index.ts'
import { readOrSeen } from '../../src/games/fool/read-or-seen.ts'
import { say, type Translate } from '../../src/language.ts'
import type { Classification } from '../../src/jobs/engine.ts'
import { heatMapOf } from '../../src/neurons/heat-map.ts'
import type { Contest, ContestEntry } from './records.ts'
import { barsOf } from './bars.ts'
import { percent } from '../../src/chat/words.ts'

const shownUnits = 3

/** A unit with what the writing changed in it. */
interface Switched {
  readonly unit: number
  readonly name: string | undefined
  /** Difference in sigma to the clean picture. */
  readonly change: number
}

/** What the writing did to the units. */
export interface Effect {
  readonly carrier: Switched & {
    /** How much more it adds to the target's similarity than on the clean picture; absent if that is not exact. */
    readonly share?: number
  }
  readonly on: readonly Switched[]
  readonly off: readonly Switched[]
}

export interface Explanation extends Effect {
  readonly picture: Picture
}

/** What the writing switched, and what carried it. */
export async function effectOf(
  { services: { catalogue, store }, place }: Pick<Context, 'services' | 'place'>,
  clean: Classification,
  posted: Classification,
): Promise<Effect> {
  const { sensitive } = await settingsOf(store, place)
  const named = (unit: number) => catalogue.unit(unit)
  const units = Array.from(posted.strengths.keys()).filter((unit) => sensitive || !named(unit)?.sensitive)
  const change = (unit: number): number => posted.strengths[unit]! - clean.strengths[unit]!
  const byChange = [...units].sort((a, b) => change(b) - change(a) || a - b)
  const [before, after] = [clean.shares?.[0], posted.shares?.[0]]
  const gain = (unit: number): number => after![unit]! - before![unit]!
  const carrier =
    before && after ? units.reduce((best, unit) => (gain(unit) > gain(best) ? unit : best)) : byChange[0]!
  const switched = (unit: number): Switched => ({ unit, name: named(unit)?.name, change: change(unit) })
  return {
    carrier: { ...switched(carrier), ...(before && after && { share: gain(carrier) }) },
    on: byChange
      .filter((unit) => change(unit) > 0)
      .slice(0, shownUnits)
      .map(switched),
    off: byChange
      .filter((unit) => change(unit) < 0)
      .slice(-shownUnits)
      .reverse()
      .map(switched),
  }
}

/** The card of an entry: the answer before and after, what the writing switched, what carried it and where. */
export async function explain(
  context: Context,
  contest: Contest,
  {
    clean,
    posted,
    entry,
    title,
    spoiler,
  }: {
    clean: Classification
    posted: Classification
    entry: ContestEntry
    title: string
    spoiler: boolean
  },
): Promise<Explanation> {
  const { t } = context
  const { catalogue, cards, gallery } = context.services
  const effect = await effectOf(context, clean, posted)
  const { carrier, on, off } = effect
  const cardUnit = async ({ unit, change }: Switched): Promise<DrawingData<'entry'>['carrier']['unit']> => ({
    unit,
    named: catalogue.unit(unit),
    sigma: change,
    thumbnail: await gallery.thumbnail(unit),
  })
  const card = await cards.draw('entry', {
    title,
    picture: posted,
    carrier: { unit: await cardUnit(carrier), heatMap: heatMapOf(posted.maps, carrier.unit) },
    bars: barsOf(contest, entry.scores, 4),
    switchedOn: await Promise.all(on.map(cardUnit)),
    switchedOff: await Promise.all(off.map(cardUnit)),
    note: `${catalogue.modelTitle}. ${say(readOrSeen({ asPosted: entry.verdict.probability, ...entry }).words, t)}`,
    theme: context.theme,
    language: t.language,
  })
  return { picture: cardPicture(card, 'entry', spoiler), ...effect }
}

/** "In the model most of it came from one neuron, “green apple” (unit 275): …" */
export function carriedInWords(
  { target }: Contest,
  { unit, name, share }: Effect['carrier'],
  t: Translate,
): string {
  const which = name ? t('fool.why.named', { name, unit }) : t('fool.unit.unnamed', { unit })
  return share === undefined
    ? t('fool.why.woke', { unit: which })
    : t('fool.why.carried', { neuron: which, target, points: 100 * share })
}

/** "Was it read or seen?", from the scores with the writing mirrored and with it blurred out. */
export function readInWords(
  { target }: Contest,
  { verdict, mirrored, blurred }: ContestEntry,
  t: Translate,
): string {
  const { words } = readOrSeen({ asPosted: verdict.probability, mirrored, blurred })
  const trials = t('fool.why.trials', {
    target,
    share: percent(verdict.probability, t),
    mirrored: percent(mirrored, t),
    blurred: percent(blurred, t),
  })
  return `${say(words, t)} ${trials}`
}
