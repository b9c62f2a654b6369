import type { Baseline, Tuning } from '../clip/pack-schema.ts'
import type { Pack } from '../clip/pack.ts'
import type { Text } from '../language.ts'
import { withoutAccents } from '../text.ts'
import { writtenUnitName } from './written-name.ts'
import { isSensitiveUnit } from './sensitive.ts'
import { type Trust, trustOf } from './trust.ts'

/** How far to trust a unit's name; shown with it. */
export type Certainty = 'published' | 'agreed' | 'likely' | 'working' | 'unsure'

/** One unit as the pack's neurons.json describes it. */
export interface Unit {
  readonly unit: number
  readonly name: string
  /** Where the name comes from, as readers see it: "authors' label", "our probe set". */
  readonly namedBy: string
  readonly certainty: Certainty
  readonly family?: string
  /** Hidden unless a community's moderators allowed it. */
  readonly sensitive: boolean
}

/** The names and facts of a pack's units. */
export interface Catalogue {
  readonly modelId: string
  readonly modelTitle: string
  /** What the model is, what it knows and what it doesn't, for players. */
  readonly summary: Text
  /** Side of the square that the model sees, in pixels. */
  readonly pictureSide: number
  readonly units: readonly Unit[]
  /** Statistics of each unit over the probe set. */
  readonly baseline: Baseline
  /** What fires each unit; absent if that has not been measured. */
  readonly tuning?: Tuning
  /** How far to believe the pack; absent if that has not been measured. */
  readonly trust?: Trust
  /** Labels of things that the model can recognize, without words that it can only read; each once. */
  readonly labels: readonly string[]
  /** The unit with this number; undefined if it has no name. */
  unit(number: number): Unit | undefined
  /** Finds units by number, name or part of a name; best match first. */
  search(typed: string, options: { readonly sensitive: boolean; readonly limit: number }): readonly Unit[]
}

/** Kinds of vocabulary entries that name no thing: words to read, and themes of captions. */
const abstractKinds = new Set(['word', 'topic'])

/** The vocabulary's labels of things, each once. */
export const thingsOf = (vocabulary: Pack['vocabulary']): string[] => [
  ...new Set(vocabulary.filter(({ kind }) => !abstractKinds.has(kind)).map(({ text }) => text)),
]

/** From most to least certain. */
const certainties: readonly Certainty[] = ['published', 'agreed', 'likely', 'working', 'unsure']

/** For comparisons that ignore case, accents and runs of blanks. */
const folded = (text: string): string => withoutAccents(text).toLowerCase().replace(/\s+/g, ' ').trim()

/** How well a unit matches what was typed: 0 is best; undefined if not at all. */
function rankOf({ unit, name, family = '' }: Unit, typed: string): number | undefined {
  const number = String(unit)
  if (number === typed) return 0
  const text = folded(name)
  if (text === typed) return 1
  if (text.startsWith(typed)) return 2
  if (text.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(typed))) return 3
  if (text.includes(typed)) return 4
  if (folded(family).startsWith(typed)) return 5
  if (number.startsWith(typed)) return 6
  return undefined
}

/** A unit is sensitive if the pack or the reviewed list says so: the list may have grown since the pack was made. */
export function createCatalogue({ facts, baseline, tuning, calibration, ...pack }: Pack): Catalogue {
  const flags = new Map(
    pack.vocabulary.flatMap(({ kind, short, text }) => (kind === 'flag' && short ? [[short, text]] : [])),
  )
  const units = pack.units.map((unit): Unit => {
    const names = [unit.name, ...(unit.family ? [unit.family] : [])]
    const name = writtenUnitName(unit.name, flags)
    return { ...unit, name, sensitive: unit.sensitive || isSensitiveUnit(facts.id, unit.unit, names) }
  })
  const byNumber = new Map(units.map((unit) => [unit.unit, unit]))
  const byCertainty = [...units].sort(
    (a, b) => certainties.indexOf(a.certainty) - certainties.indexOf(b.certainty) || a.unit - b.unit,
  )
  return {
    modelId: facts.id,
    modelTitle: facts.title,
    summary: (t) =>
      facts.summaries?.[t.language] ?? facts.summary ?? t('about.source', { source: facts.source }),
    pictureSide: facts.picture.side,
    units,
    baseline,
    labels: thingsOf(pack.vocabulary),
    ...(tuning && { tuning }),
    ...(calibration && { trust: trustOf(calibration) }),
    unit: (number) => byNumber.get(number),
    search(typed, { sensitive, limit }) {
      const wanted = folded(typed).replace(/^(unit |#)/, '')
      return byCertainty
        .filter((unit) => sensitive || !unit.sensitive)
        .map((unit) => ({ unit, rank: rankOf(unit, wanted) }))
        .filter(({ rank }) => rank !== undefined)
        .sort((a, b) => a.rank! - b.rank!)
        .slice(0, limit)
        .map(({ unit }) => unit)
    },
  }
}
