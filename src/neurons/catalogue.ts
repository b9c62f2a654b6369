import type { Baseline, Tuning } from '../clip/pack-schema.ts'
import type { Pack } from '../clip/pack.ts'
import { withoutAccents } from '../text.ts'
import { writtenUnitName } from './written-name.ts'
import { isSensitiveUnit } from './sensitive.ts'
import { type Trust, trustOf } from './trust.ts'

/** How far to trust a name; shown with it. */
export type Certainty = 'published' | 'agreed' | 'likely' | 'working' | 'unsure'

/** One unit as the pack's neurons.json describes it. */
export interface Unit {
  readonly unit: number
  readonly name: string
  /** Whose label it is, as a reader should see it: "authors' label", "our probe set". */
  readonly namedBy: string
  readonly certainty: Certainty
  readonly family?: string
  /** Kept back unless a community's admin asked for it (product.md). */
  readonly sensitive: boolean
}

/** The names and facts of a pack's units. */
export interface Catalogue {
  readonly modelId: string
  readonly modelTitle: string
  /** What the model is, knows and doesn't know, for whoever plays with it. */
  readonly summary: string
  /** Side of the square that the model sees, in pixels. */
  readonly pictureSide: number
  readonly units: readonly Unit[]
  /** What is usual for each unit. */
  readonly baseline: Baseline
  /** What fires each unit; absent where the pack has not been measured. */
  readonly tuning?: Tuning
  /** How far to believe the pack; absent where that has not been measured. */
  readonly trust?: Trust
  /** Labels of things that the model knows, without words that it only reads; each once. */
  readonly labels: readonly string[]
  /** By its number; undefined if the unit has no name. */
  unit(number: number): Unit | undefined
  /** By number or name, also part of a name; best match first. Sensitive ones only where allowed. */
  search(typed: string, options: { readonly sensitive: boolean; readonly limit: number }): readonly Unit[]
}

/** Kinds of the vocabulary that name no thing: plain words, and themes of captions. */
const noThings = new Set(['word', 'topic'])

/** Labels of things that the model knows, each once. */
export const thingsOf = (vocabulary: Pack['vocabulary']): string[] => [
  ...new Set(vocabulary.filter(({ kind }) => !noThings.has(kind)).map(({ text }) => text)),
]

const trust: readonly Certainty[] = ['published', 'agreed', 'likely', 'working', 'unsure']

/** Case, accents and runs of blanks make no difference. */
const plain = (text: string): string => withoutAccents(text).toLowerCase().replace(/\s+/g, ' ').trim()

/** How well a name or number matches what was typed; 0 is best, undefined is not at all. */
function match({ unit, name, family = '' }: Unit, typed: string): number | undefined {
  const number = String(unit)
  if (number === typed) return 0
  const text = plain(name)
  if (text === typed) return 1
  if (text.startsWith(typed)) return 2
  if (text.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(typed))) return 3
  if (text.includes(typed)) return 4
  if (plain(family).startsWith(typed)) return 5
  if (number.startsWith(typed)) return 6
  return undefined
}

/** The reviewed list may have grown since the pack was made: it counts beside the pack's own marks. */
export function createCatalogue({ facts, baseline, tuning, calibration, ...pack }: Pack): Catalogue {
  const flags = new Map(
    pack.vocabulary.flatMap(({ kind, short, text }) => (kind === 'flag' && short ? [[short, text]] : [])),
  )
  const units = pack.units.map((unit): Unit => {
    const names = [unit.name, unit.family ?? '']
    const name = writtenUnitName(unit.name, flags)
    return { ...unit, name, sensitive: unit.sensitive || isSensitiveUnit(facts.id, unit.unit, names) }
  })
  const byNumber = new Map(units.map((unit) => [unit.unit, unit]))
  const byTrust = [...units].sort(
    (a, b) => trust.indexOf(a.certainty) - trust.indexOf(b.certainty) || a.unit - b.unit,
  )
  return {
    modelId: facts.id,
    modelTitle: facts.title,
    summary: facts.summary ?? facts.source,
    pictureSide: facts.picture.side,
    units,
    baseline,
    labels: thingsOf(pack.vocabulary),
    ...(tuning && { tuning }),
    ...(calibration && { trust: trustOf(calibration) }),
    unit: (number) => byNumber.get(number),
    search(typed, { sensitive, limit }) {
      const wanted = plain(typed).replace(/^(unit |#)/, '')
      return byTrust
        .filter((unit) => sensitive || !unit.sensitive)
        .map((unit) => ({ unit, rank: match(unit, wanted) }))
        .filter(({ rank }) => rank !== undefined)
        .sort((a, b) => a.rank! - b.rank!)
        .slice(0, limit)
        .map(({ unit }) => unit)
    },
  }
}
