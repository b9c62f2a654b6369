import type { CommunitySettings } from '../../src/chat/community.ts'
import { UserError } from '../../src/errors.ts'
import { question } from '../../src/games/question.ts'
import { seedOf } from '../../src/games/seed.ts'
import type { Catalogue, Unit } from '../../src/neurons/catalogue.ts'
import type { Asked } from './records.ts'

/** With fewer names there is nothing to choose from. */
const fewestUnits = 2

/**
 * Units that can be asked about: their name is trusted and can be shown in this community.
 * @throws UserError 'not-found' for a model whose units have no such names
 */
export function askable({ units, modelTitle }: Catalogue, { sensitive }: CommunitySettings): Unit[] {
  const trusted = units.filter((unit) => unit.certainty !== 'unsure' && (sensitive || !unit.sensitive))
  if (trusted.length >= fewestUnits) return trusted
  throw new UserError('not-found', 'question.noNames', { values: { model: modelTitle } })
}

/**
 * Which of these names is the unit's? Wrong names are of units that fire with it, but not for what it fires for.
 * @param units whose names can be offered
 * @param id the question's; the same id gives the same choices
 * @param near whether wrong names are near to the right one
 */
export function questionAbout(
  unit: Unit,
  units: readonly Unit[],
  { tuning }: Pick<Catalogue, 'tuning'>,
  id: string,
  near = true,
): Asked {
  const found = tuning?.units[unit.unit]
  const fires = found?.pictures.map(({ label }) => label)
  const together = (near && found?.together.map((other) => other.unit)) || []
  const { choices, answer } = question({ ...unit, fires }, units, together, seedOf(id))
  return { unit: unit.unit, choices: [...choices], answer }
}
