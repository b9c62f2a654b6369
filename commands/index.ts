import type { Command } from '../src/chat/command.ts'
import { avatar } from './avatar.ts'
import { fool } from './fool.ts'
import { guess } from './guess.ts'
import { helpFor } from './help.ts'
import { hunt } from './hunt.ts'
import { neuron } from './neuron.ts'
import { neurons } from './neurons.ts'
import { privacyFor } from './privacy.ts'
import { scoresFor } from './scores.ts'
import { settings } from './settings.ts'
import { spotlight } from './spotlight.ts'

const games = [neurons, neuron, fool, hunt, guess, spotlight, avatar]
const scores = scoresFor(games)
const privacy = privacyFor([...games, scores, settings])
const all = [...games, scores, privacy, settings]

/** All that a person can type, on every platform; each command declares whatever else the house must know about it. */
export const commands: readonly Command[] = [...all, helpFor(all)]
