import { foolPersonal } from '../fool/personal.ts'
import { nameVote } from '../neuron/votes.ts'
import { neuronsAnswer } from '../neurons/answer.ts'
import { scoreRecord } from '../scores/record.ts'
import { personal, type Personal } from './personal.ts'

/** Every kind of record in which persons stand: whoever adds such a kind adds a row. */
export const personalKinds: readonly Personal[] = [
  personal(
    neuronsAnswer,
    'answers of /neurons, each with a small copy of your picture',
    (value, person, _id, { platform, community }) => value.person === `${platform}:${community}:${person}`,
  ),
  personal(nameVote, 'names that you gave neurons', (value, person) => value.person === person),
  ...foolPersonal,
  personal(scoreRecord, 'entries in the scores', (value, person) => value.person === person),
]
