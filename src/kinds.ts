import * as avatar from '../commands/avatar.ts'
import * as fool from '../commands/fool/records.ts'
import * as guess from '../commands/guess/records.ts'
import * as hunt from '../commands/hunt/records.ts'
import * as votes from '../commands/neuron/votes.ts'
import * as neurons from '../commands/neurons/records.ts'
import * as posts from '../commands/contest/post-once.ts'
import * as score from '../commands/scores/record.ts'
import * as scores from '../commands/scores/records.ts'
import * as spotlight from '../commands/spotlight/records.ts'
import * as community from './chat/community.ts'
import * as identifying from './platforms/discord/identify.ts'
import * as interactions from './platforms/discord/session.ts'
import * as channels from './platforms/playground/channels.ts'
import * as files from './platforms/playground/files.ts'
import * as messages from './platforms/playground/message.ts'
import * as people from './platforms/playground/people.ts'
import * as runs from './platforms/playground/runs.ts'
import * as sessions from './platforms/playground/sessions.ts'
import * as installations from './platforms/slack/installations.ts'
import * as once from './platforms/slack/once.ts'
import type { RecordKind } from './store/store.ts'

const isKind = (value: unknown): value is RecordKind<unknown> =>
  typeof value === 'object' && value !== null && 'name' in value && 'version' in value && 'schema' in value

/** Every kind of record that the store may have, for the doctor and the test of schemas. */
export const recordKinds: readonly RecordKind<unknown>[] = [
  [avatar, fool, guess, hunt, votes, neurons, posts, score, scores, spotlight, community],
  [identifying, interactions, runs, channels, files, messages, people, sessions, installations, once],
]
  .flat()
  .flatMap((module) => Object.values(module))
  .filter(isKind)
