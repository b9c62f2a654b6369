import type { Command } from '../src/chat/command.ts'
import type { MinuteTask } from '../src/chat/minute-task.ts'
import { closeDueContests } from './fool/closing.ts'
import { fool } from './fool.ts'
import { avatar } from './avatar.ts'
import { guess } from './guess.ts'
import { helpFor } from './help.ts'
import { endDueHunts } from './hunt/end.ts'
import { hunt } from './hunt.ts'
import { neuron } from './neuron.ts'
import { neurons } from './neurons.ts'
import { privacy } from './privacy.ts'
import { scores } from './scores.ts'
import { settings } from './settings.ts'
import { postDueSpotlights, prepareSpotlights } from './spotlight/post.ts'
import { spotlight } from './spotlight.ts'

const games: readonly Command[] = [
  neurons,
  neuron,
  fool,
  hunt,
  guess,
  spotlight,
  avatar,
  scores,
  privacy,
  settings,
]

/** All that a person can type, on every platform. */
export const commands: readonly Command[] = [...games, helpFor(games)]

/** What looks every minute whether it is due. */
export const everyMinute: readonly MinuteTask[] = [
  closeDueContests,
  endDueHunts,
  postDueSpotlights,
  prepareSpotlights,
]
