import type { Services } from '../../src/chat/services.ts'
import { UserError } from '../../src/errors.ts'
import { languages, type Translate, translator } from '../../src/language.ts'
import type { Catalogue } from '../../src/neurons/catalogue.ts'
import type { Classification } from '../../src/jobs/engine.ts'
import { isSensitive } from '../../src/neurons/sensitive.ts'
import { samples } from './samples.ts'

/** Labels that compete in a contest: a person's own, or one of these lists. */
export const presets = ['nearest', 'everyday', 'samples'] as const
type Preset = (typeof presets)[number]

/** What kind the others are: one of the lists, or labels of the person's own. */
const kinds = [...presets, 'own'] as const

const nearestCount = 15
const mostLabels = 200

export interface Labels {
  /** Including the target, each once. */
  readonly labels: readonly string[]
  /** What kind they are. */
  readonly against: (typeof kinds)[number]
}

/** Case and blanks make no difference between two labels. */
export const sameLabel = (a: string, b: string): boolean => tidy(a) === tidy(b)
const tidy = (label: string): string => label.trim().replace(/\s+/g, ' ').toLowerCase()

/** @param typed the name of a preset in any of our languages, or labels separated by commas */
export function parseAgainst(typed: string): Preset | readonly string[] {
  const preset = presets.find((each) =>
    [each, ...languages.map((language) => translator(language)(`fool.against.typed.${each}`))].some((name) =>
      sameLabel(name, typed),
    ),
  )
  if (preset) return preset
  const own = typed
    .split(/[,;\n]/)
    .map(tidy)
    .filter(Boolean)
  if (own.length === 0) throw new UserError('bad-option', 'fool.against.none')
  if (own.length > mostLabels)
    throw new UserError('bad-option', 'fool.against.tooMany', {
      values: { most: mostLabels, given: own.length },
    })
  return own
}

/** @param classify asks the model about the clean picture; run only for 'nearest' */
export async function labelsFor(
  against: Preset | readonly string[],
  target: string,
  { catalogue, probe, sensitive }: Pick<Services, 'catalogue' | 'probe'> & { readonly sensitive: boolean },
  classify: (labels: readonly string[]) => Promise<Classification>,
): Promise<Labels> {
  const others = async (): Promise<readonly string[]> => {
    if (typeof against !== 'string') return against
    if (against === 'samples') return samples.labels
    if (against === 'everyday') return probe.labels
    const { scores } = await classify(catalogue.labels.filter((label) => sensitive || !isSensitive(label)))
    return [...scores]
      .sort((a, b) => b.probability - a.probability)
      .slice(0, nearestCount)
      .map(({ label }) => label)
  }
  const labels: string[] = [tidy(target)]
  for (const label of await others()) if (!labels.some((each) => sameLabel(each, label))) labels.push(label)
  if (labels.length < 2) throw new UserError('bad-option', 'fool.against.onlyTarget')
  return { labels, against: typeof against === 'string' ? against : 'own' }
}

/** What a contest's target competes with, in words. Until November 2026 the words themselves were stored. */
export function againstInWords(kept: string, t: Translate): string {
  const kind = kinds.find((each) => each === kept)
  return kind ? t(`fool.against.${kind}`) : kept
}

/** Things the model knows whose name contains what was typed; those that begin with it first. */
export function completeLabel(catalogue: Catalogue, typed: string, sensitive: boolean): string[] {
  const wanted = tidy(typed)
  const rank = (label: string): number =>
    label.startsWith(wanted) ? 0 : label.includes(` ${wanted}`) ? 1 : 2
  return catalogue.labels
    .filter((label) => label.includes(wanted) && (sensitive || !isSensitive(label)))
    .sort((a, b) => rank(a) - rank(b) || a.length - b.length || a.localeCompare(b))
    .slice(0, 25)
}
