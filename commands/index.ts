import type { Command } from '../src/chat/command.ts'
import { fool } from './fool.ts'
import { helpFor } from './help.ts'
import { neuron } from './neuron.ts'
import { neurons } from './neurons.ts'

const games: readonly Command[] = [neurons, neuron, fool]

/** All that a person can type, on every platform. */
export const commands: readonly Command[] = [...games, helpFor(games)]
