import {
  button,
  cardPicture,
  buttons,
  fields,
  heading,
  note,
  picture,
  text,
} from '../../src/chat/elements.ts'
import type { Context } from '../../src/chat/context.ts'
import { plain } from '../../src/chat/markup.ts'
import type { Element, Reply } from '../../src/chat/reply.ts'
import type { Translate } from '../../src/language.ts'
import { howNamed } from '../../src/neurons/how-named.ts'
import type { Card } from '../../src/cards/card.ts'
import type { UnitTuning } from '../../src/clip/pack-schema.ts'
import { inSigma } from '../../src/chat/words.ts'
import { percentileOf } from '../../src/neurons/strength.ts'
import { neuronActions } from './actions.ts'
import { factsOf, type PageFacts } from './facts.ts'
import { type ShownUnit, unitName } from './look-up.ts'
import type { Votes } from './votes.ts'

const facets = ['drawing', 'photo', 'word'] as const
const suggestionsShown = 3
/** Plain, and by facet. */
const visualizationsShown = 4

/** What a page needs to be shown again. */
export interface PageState {
  readonly unit: ShownUnit
  /** Id of the /neurons answer from which it was opened. */
  readonly answer?: string | undefined
  /** Shown to one person: then buttons turn its pages instead of adding messages. */
  readonly alone: boolean
}

/** Arguments that every button of a page carries; `readState` in neuron.ts is the way back. */
const stateArgs = ({ unit, answer, alone }: PageState) =>
  [unit.unit, answer, alone ? 'alone' : 'all'] as const

/** For programs. */
export interface PageData extends Partial<Omit<UnitTuning, 'together' | 'against'>> {
  readonly model: string
  readonly unit: number
  readonly name: string | undefined
  readonly namedBy: string | undefined
  readonly certainty: string | undefined
  readonly family: string | undefined
  readonly related: readonly {
    readonly unit: number
    readonly name: string | undefined
    readonly correlation: number
  }[]
  readonly distribution: {
    readonly probeSet: string
    readonly pictures: number
    readonly edges: readonly number[]
    readonly counts: readonly number[] | undefined
  }
  /** How strongly the picture on the card that opened the page fires it. */
  readonly picture?: { readonly sigma: number; readonly percentile: number }
  readonly suggestions: readonly Votes[]
}

/** A unit's page: what it looks for, what fires it and what holds it back, how often, and what people call it. */
export async function pageFor(given: Context, state: PageState): Promise<Reply<PageData>> {
  const t = given.translators[state.alone ? 'person' : 'channel']
  const context = { ...given, t }
  const facts = await factsOf(context, state.unit, state.answer)
  const [about, seen, spread] = await Promise.all([
    aboutCard(context, facts),
    picturesCard(context, facts),
    distributionCard(context, facts),
  ])
  const elements: Element[] = [
    picture(cardPicture(about, 'neuron'), { instead: inWords(context, facts) }),
    ...(seen ? [picture(cardPicture(seen, 'pictures'), { instead: [] })] : []),
    picture(cardPicture(spread, 'distribution'), { instead: [text(spread.alt)] }),
    ...remarks(context, facts),
    ...rowsOfButtons(state, facts, t),
  ]
  return { elements, data: dataOf(context, facts) }
}

async function aboutCard({ services, theme, t }: Context, { unit, tuning }: PageFacts): Promise<Card> {
  const { catalogue, cards, gallery } = services
  const made = gallery.entries.filter((entry) => entry.unit === unit.unit)
  const visualizations = []
  for (const { facet, sigma } of made.slice(0, visualizationsShown)) {
    const picture = await gallery.thumbnail(unit.unit, facet)
    if (picture)
      visualizations.push({
        picture,
        caption: facet === undefined ? t('neuron.looksFor') : asFacet(facet, t),
        detail: t('neuron.fires', { strength: inSigma(sigma, false, t) }),
      })
  }
  return cards.draw('unit', {
    unit,
    family: unit.named?.family,
    visualizations,
    words: tuning?.words ?? [],
    wordsAgainst: tuning?.wordsAgainst ?? [],
    pictures: [],
    modelTitle: catalogue.modelTitle,
    theme,
    language: t.language,
  })
}

/** For a facet that we have no word for, its name in the pack. */
function asFacet(facet: string, t: Translate): string {
  const known = facets.find((each) => each === facet)
  return known ? t(`neuron.facet.${known}`) : facet
}

async function picturesCard(
  { services, theme, t }: Context,
  { unit, tuning }: PageFacts,
): Promise<Card | undefined> {
  const { probe, cards, catalogue } = services
  // Items are counted in the set that the pack was measured on; another set would show other things.
  const fits = [...(tuning?.pictures ?? []), ...(tuning?.picturesAgainst ?? [])].filter(
    ({ item, label }) => probe.items[item]?.label === label,
  )
  if (fits.length === 0) return undefined
  const cells = fits.map(async ({ item, label, sigma }) => ({
    picture: await probe.picture(probe.items[item]!),
    caption: label,
    detail:
      sigma > 0
        ? t('neuron.fires', { strength: inSigma(sigma, false, t) })
        : t('neuron.heldBack', { strength: inSigma(-sigma, false, t) }),
  }))
  return cards.draw('sheet', {
    title: t('neuron.sheet.title', { name: unitName(unit, t) }),
    cells: await Promise.all(cells),
    note: t('neuron.sheet.note', {
      model: catalogue.modelTitle,
      unit: unit.unit,
      count: probe.items.length,
    }),
    theme,
    language: t.language,
  })
}

function distributionCard({ services, theme, t }: Context, { unit, marked }: PageFacts): Promise<Card> {
  const { catalogue, cards } = services
  const { histogram, pictures } = catalogue.baseline
  return cards.draw('histogram', {
    unit,
    histogram: { edges: histogram.edges, counts: histogram.counts[unit.unit]! },
    mark: marked === undefined ? undefined : { sigma: marked, label: t('neuron.yourPicture') },
    sample: t('neuron.sample', { count: pictures }),
    modelTitle: catalogue.modelTitle,
    theme,
    language: t.language,
  })
}

const list = (of: readonly { sigma: number; word?: string; label?: string }[] = [], t: Translate): string =>
  of
    .map(({ word, label, sigma }) => `${plain(word ?? label ?? '')} ${inSigma(sigma, false, t)}`)
    .join(', ') || t('neuron.none')

function inWords({ services, t }: Context, { unit, tuning }: PageFacts): Element[] {
  const model = services.catalogue.modelTitle
  const named = unit.named ? howNamed(unit.named, t) : t('neuron.nobodyNamed')
  return [
    heading(plain(unitName(unit, t))),
    note(plain(t('neuron.source', { model, unit: unit.unit, named }))),
    fields([
      { name: t('card.words'), value: list(tuning?.words, t) },
      { name: t('card.wordsAgainst'), value: list(tuning?.wordsAgainst, t) },
      { name: t('card.pictures'), value: list(tuning?.pictures, t) },
      { name: t('neuron.picturesAgainst'), value: list(tuning?.picturesAgainst, t) },
    ]),
  ]
}

/** What people here call it, and what is missing. */
function remarks({ services: { gallery }, t }: Context, { unit, tuning, suggestions }: PageFacts): Element[] {
  const elements: Element[] = suggestions
    .slice(0, suggestionsShown)
    .map(({ name, votes }) => text(t('neuron.rename.called', { count: votes, name: plain(name) })))
  if (!gallery.find(unit.unit)) {
    elements.push(note(t('neuron.notDrawn')))
  }
  if (!tuning) elements.push(note(t('neuron.notMeasured')))
  return elements
}

function rowsOfButtons(state: PageState, { related, suggestions }: PageFacts, t: Translate): Element[] {
  const args = stateArgs(state)
  const main = [
    button(neuronActions.id('visualize', state.unit.unit), t('neuron.visualize.button'), {
      style: 'primary',
    }),
    button(neuronActions.id('suggest', ...args), t('neuron.rename.button')),
  ]
  const votes = suggestions
    .slice(0, suggestionsShown)
    .map(({ name, key }) => button(neuronActions.id('vote', ...args, key), t('neuron.rename.too', { name })))
  const others = related.map((other) =>
    button(
      neuronActions.id(state.alone ? 'turn' : 'page', other.unit),
      t(other.correlation > 0 ? 'neuron.firesWith' : 'neuron.firesAgainst', { name: unitName(other, t) }),
    ),
  )
  return [main, votes, others].filter((row) => row.length > 0).map((row) => buttons(row))
}

function dataOf({ services }: Context, { unit, tuning, related, suggestions, marked }: PageFacts): PageData {
  const { catalogue } = services
  const { histogram, probeSet, pictures } = catalogue.baseline
  const { name, namedBy, certainty, family } = unit.named ?? {}
  return {
    model: catalogue.modelId,
    unit: unit.unit,
    name,
    namedBy,
    certainty,
    family,
    ...tuning,
    related: related.map((other) => ({
      unit: other.unit,
      name: other.named?.name,
      correlation: other.correlation,
    })),
    distribution: { probeSet, pictures, edges: histogram.edges, counts: histogram.counts[unit.unit] },
    ...(marked !== undefined && {
      picture: { sigma: marked, percentile: percentileOf(catalogue.baseline, unit.unit, marked) },
    }),
    suggestions: suggestions.map(({ name, votes }) => ({ name, votes })),
  }
}
