import type { Command } from '../src/chat/command.ts'
import { helpFor } from './help.ts'
import { neurons } from './neurons.ts'

const games: readonly Command[] = [neurons]

/** All that a person can type, on every platform. */
export const commands: readonly Command[] = [...games, helpFor(games)]
