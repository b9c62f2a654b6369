import { type CommunitySettings, settingsOf } from '../../src/chat/community.ts'
import type { CompletionContext } from '../../src/chat/context.ts'
import type { Choice } from '../../src/chat/choice.ts'
import { UserError } from '../../src/errors.ts'
import type { Translate } from '../../src/language.ts'
import type { Catalogue, Unit } from '../../src/neurons/catalogue.ts'

const choices = 25

/** A unit that may be shown here; in large models it need not have a name. */
export interface ShownUnit {
  readonly unit: number
  readonly named: Unit | undefined
}

export const unitName = ({ unit, named }: ShownUnit, t: Translate): string =>
  named?.name ?? t('neuron.unnamed', { unit })

/** The same for a unit by its number. */
export const nameOfUnit = (catalogue: Catalogue, unit: number, t: Translate): string =>
  unitName({ unit, named: catalogue.unit(unit) }, t)

/** @throws UserError if the model has no such unit, or it is hidden in this community. */
export function unitByNumber(catalogue: Catalogue, settings: CommunitySettings, unit: number): ShownUnit {
  const units = catalogue.baseline.activeShare.length
  if (!(unit >= 0 && unit < units))
    throw new UserError('not-found', 'neuron.noUnit', { values: { unit, last: units - 1 } })
  const named = catalogue.unit(unit)
  if (named?.sensitive && !settings.sensitive)
    throw new UserError('not-allowed', 'neuron.hidden', { values: { unit } })
  return { unit, named }
}

/** By number or name, as a person typed it. */
export function unitByText(catalogue: Catalogue, settings: CommunitySettings, typed: string): ShownUnit {
  const number = /^(?:unit\s*|#)?(\d{1,6})$/i.exec(typed.trim())?.[1]
  if (number !== undefined) return unitByNumber(catalogue, settings, Number(number))
  const [named] = catalogue.search(typed, { sensitive: settings.sensitive, limit: 1 })
  if (named) return { unit: named.unit, named }
  throw new UserError('not-found', 'neuron.unknown', { values: { typed } })
}

/** What the name or number being typed may become. */
export async function completions(
  { services, place, t }: CompletionContext,
  typed: string,
): Promise<Choice[]> {
  const { sensitive } = await settingsOf(services.store, place)
  return services.catalogue.search(typed, { sensitive, limit: choices }).map(({ unit, name, certainty }) => ({
    value: String(unit),
    label: t('neuron.choice', { name, unit, certainty: t(`neuron.certainty.${certainty}`) }),
  }))
}
