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
import type { Card } from '../../src/cards/card.ts'
import type { UnitTuning } from '../../src/clip/pack-schema.ts'
import { counted, inSigma } from '../../src/chat/words.ts'
import { percentileOf } from '../../src/neurons/strength.ts'
import { neuronActions } from './actions.ts'
import { factsOf, type PageFacts } from './facts.ts'
import { type ShownUnit, unitName } from './look-up.ts'
import type { Votes } from './votes.ts'

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
  /** How strongly the picture fires it from whose card the page was opened. */
  readonly picture?: { readonly sigma: number; readonly percentile: number }
  readonly suggestions: readonly Votes[]
}

/** A unit's page: what it looks for, what fires it and what holds it back, how often, and what people call it. */
export async function pageFor(context: Context, state: PageState): Promise<Reply<PageData>> {
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
    ...rowsOfButtons(state, facts),
  ]
  return { elements, data: dataOf(context, facts) }
}

async function aboutCard({ services, theme }: Context, { unit, tuning }: PageFacts): Promise<Card> {
  const { catalogue, cards, gallery } = services
  const made = gallery.entries.filter((entry) => entry.unit === unit.unit)
  const visualizations = []
  for (const { facet, sigma } of made.slice(0, visualizationsShown)) {
    const picture = await gallery.thumbnail(unit.unit, facet)
    if (picture)
      visualizations.push({
        picture,
        caption: facet ? `as ${facet}` : 'what it looks for',
        detail: `fires ${inSigma(sigma)}`,
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
  })
}

async function picturesCard(
  { services, theme }: Context,
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
    detail: sigma > 0 ? `fires ${inSigma(sigma)}` : `held back ${inSigma(-sigma)}`,
  }))
  return cards.draw('sheet', {
    title: `What fires ${unitName(unit)}, and what holds it back`,
    cells: await Promise.all(cells),
    note: `${catalogue.modelTitle}, unit ${unit.unit} · strongest first, of ${counted(probe.items.length, 'probe picture')}`,
    theme,
  })
}

function distributionCard({ services, theme }: Context, { unit, marked }: PageFacts): Promise<Card> {
  const { catalogue, cards } = services
  const { histogram, pictures } = catalogue.baseline
  return cards.draw('histogram', {
    unit,
    histogram: { edges: histogram.edges, counts: histogram.counts[unit.unit]! },
    mark: marked === undefined ? undefined : { sigma: marked, label: 'your picture' },
    sample: counted(pictures, 'reference picture'),
    modelTitle: catalogue.modelTitle,
    theme,
  })
}

const list = (of: readonly { sigma: number; word?: string; label?: string }[] = []): string =>
  of.map(({ word, label, sigma }) => `${plain(word ?? label ?? '')} ${inSigma(sigma)}`).join(', ') || 'none'

function inWords({ services }: Context, { unit, tuning }: PageFacts): Element[] {
  const { named } = unit
  const whose = named ? `${named.certainty}, ${named.namedBy}` : 'nobody has named it yet'
  return [
    heading(plain(unitName(unit))),
    note(plain(`${services.catalogue.modelTitle}, unit ${unit.unit}: ${whose}`)),
    fields([
      { name: 'Words that fire it', value: list(tuning?.words) },
      { name: 'Words that hold it back', value: list(tuning?.wordsAgainst) },
      { name: 'Pictures that fire it', value: list(tuning?.pictures) },
      { name: 'Pictures that hold it back', value: list(tuning?.picturesAgainst) },
    ]),
  ]
}

/** What people here call it, and what is missing. */
function remarks({ services: { gallery } }: Context, { unit, tuning, suggestions }: PageFacts): Element[] {
  const elements: Element[] = suggestions
    .slice(0, suggestionsShown)
    .map(({ name, votes }) =>
      text(`${counted(votes, 'person here calls', 'people here call')} it **${plain(name)}**.`),
    )
  if (!gallery.find(unit.unit)) {
    elements.push(note('Nobody has drawn yet what this neuron looks for: “Visualise afresh” does.'))
  }
  if (!tuning) elements.push(note('What fires this unit has not been measured in this model pack.'))
  return elements
}

function rowsOfButtons(state: PageState, { related, suggestions }: PageFacts): Element[] {
  const args = stateArgs(state)
  const main = [
    button(neuronActions.id('visualize', state.unit.unit), 'Visualise afresh', { style: 'primary' }),
    button(neuronActions.id('suggest', ...args), 'This name is wrong'),
  ]
  const votes = suggestions
    .slice(0, suggestionsShown)
    .map(({ name, key }) => button(neuronActions.id('vote', ...args, key), `I call it “${name}” too`))
  const others = related.map((other) =>
    button(
      neuronActions.id(state.alone ? 'turn' : 'page', other.unit),
      `${other.correlation > 0 ? 'Fires with' : 'Fires against'}: ${unitName(other)}`,
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
