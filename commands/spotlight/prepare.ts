import { settingsOf } from '../../src/chat/community.ts'
import type { Services } from '../../src/chat/services.ts'
import { nextNeuron } from '../../src/games/question.ts'
import { seedOf } from '../../src/games/seed.ts'
import type { RunOptions } from '../../src/jobs/engine.ts'
import type { Unit } from '../../src/neurons/catalogue.ts'
import type { Scope } from '../../src/store/store.ts'
import { askable, questionAbout } from '../question/ask.ts'
import { askingFacets, byLook, facetLookOf, lookOf, recognised, type Look } from '../question/looks.ts'
import {
  askedRecord,
  dayRecord,
  lookRecord,
  preparingRecord,
  shownRecord,
  type AskedRecord,
} from './records.ts'

/** Longer than drawing takes; whoever has begun and not ended by then is gone, or will find that it was done. */
const preparesWithinMs = 90_000

/** A question that is ready to be posted. */
export interface Prepared {
  readonly id: string
  readonly asked: AskedRecord
  readonly looks: readonly Look[]
}

/**
 * The question of a channel's day with its pictures: what was prepared, or else prepared now. Undefined while
 * another process is at work.
 */
export async function preparedFor(
  services: Services,
  scope: Scope,
  channel: string,
  day: string,
): Promise<Prepared | undefined> {
  const { store, now } = services
  const found = await store.get(dayRecord, scope, [channel, day])
  if (found) return recall(services, scope, found.question)
  const at = now().getTime()
  const begun = await store.get(preparingRecord, scope, [channel, day])
  if (begun && Math.abs(at - begun.at) < preparesWithinMs) return undefined
  await store.set(preparingRecord, scope, [channel, day], { at })
  const prepared = await makeQuestion(services, scope, { channel, day })
  for (const [n, look] of prepared.looks.entries())
    await store.set(lookRecord, scope, [prepared.id, String(n)], look)
  if (await store.insertIfAbsent(dayRecord, scope, [channel, day], { question: prepared.id })) return prepared
  // Two at once: the first has asked.
  return recall(services, scope, (await store.get(dayRecord, scope, [channel, day]))!.question)
}

/** Its pictures are drawn again if they are no longer kept. */
async function recall(services: Services, scope: Scope, id: string): Promise<Prepared> {
  const { store } = services
  const asked = await store.get(askedRecord, scope, [id])
  if (!asked) throw new Error(`the spotlight's question ${id} is gone`)
  const kept = await store.list(lookRecord, scope, [id])
  const looks = kept.map(({ value }) => value)
  return { id, asked, looks: looks.length > 0 ? looks : await looksOf(services, asked.unit) }
}

/** Takes the community's next neuron and asks for it; the question is kept for good, so that buttons keep working. */
export async function makeQuestion(
  services: Services,
  scope: Scope,
  where: { readonly channel: string; readonly day?: string },
  options: RunOptions = {},
): Promise<Prepared> {
  const { store, catalogue } = services
  const units = askable(catalogue, await settingsOf(store, scope))
  const id = services.newId()
  const unit = await takeNext(services, scope, units, id)
  const asked = { ...questionAbout(unit, units, catalogue, id), ...where }
  const looks = await looksOf(services, unit.unit, options)
  await store.set(askedRecord, scope, [id], asked)
  return { id, asked, looks }
}

/** Units worth showing come first. No two questions of a round get the same unit, in whatever channel and process they are made. */
async function takeNext(
  { store, gallery }: Services,
  scope: Scope,
  units: readonly Unit[],
  id: string,
): Promise<Unit> {
  const tiers = byLook(units, gallery, recognised.easy).map((tier) => tier.map(({ unit }) => unit))
  for (let attempt = 0; ; attempt++) {
    const shown = await store.list(shownRecord, scope)
    const next = nextNeuron(
      tiers,
      shown.map(({ value }) => value),
      seedOf(id, attempt),
    )
    if (await store.insertIfAbsent(shownRecord, scope, [String(next.round), String(next.unit)], next))
      return units.find(({ unit }) => unit === next.unit)!
  }
}

/** Plain, and in the kinds of pictures that the pack can tell apart. */
async function looksOf(services: Services, unit: number, options: RunOptions = {}): Promise<Look[]> {
  const looks = [await lookOf(services, unit, options)]
  for (const facet of askingFacets) {
    const look = await facetLookOf(services, unit, { ...options, facet })
    if (look) looks.push(look)
  }
  return looks
}
