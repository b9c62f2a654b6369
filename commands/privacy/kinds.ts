import type { Personal } from '../../src/chat/personal.ts'
import { avatarRecord } from '../avatar.ts'
import { foolPersonal } from '../fool/personal.ts'
import { guessAnswer, guessHint } from '../guess/records.ts'
import { huntEntry, huntPicture, huntRecord } from '../hunt/records.ts'
import { nameVote } from '../neuron/votes.ts'
import { neuronsAnswer } from '../neurons/answer.ts'
import { scoreRecord } from '../scores/record.ts'
import { hiddenRecord } from '../scores/records.ts'
import { answerRecord, scheduleRecord } from '../spotlight/records.ts'
import { personal } from './personal.ts'

const theirs = (value: { readonly person: string }, person: string): boolean => value.person === person

/** Every kind of the commands' records in which persons stand: whoever adds such a kind adds a row. */
export const personalKinds: readonly Personal[] = [
  personal(
    neuronsAnswer,
    'answers of /neurons, each with a small copy of your picture, kept for a day',
    (value, person, { platform, community }) => value.person === `${platform}:${community}:${person}`,
  ),
  personal(nameVote, 'names that you gave to neurons', theirs),
  ...foolPersonal,
  personal(
    huntRecord,
    'hunts that you started',
    ({ opener }, person) => opener?.id === person,
    ({ opener: _opener, ...rest }) => rest,
  ),
  personal(huntPicture, 'pictures that you entered into hunts', theirs),
  personal(huntEntry, 'entries into hunts', ({ player }, person) => player === person),
  personal(guessAnswer, 'answers to /guess', theirs),
  personal(guessHint, 'hints that you took in /guess', theirs),
  personal(answerRecord, 'answers to the neuron of the day', theirs),
  personal(
    scheduleRecord,
    'neurons of the day that you set up',
    ({ by }, person) => by === person,
    ({ by: _by, ...rest }) => rest,
  ),
  personal(avatarRecord, 'portraits that I drew for you', theirs),
  personal(hiddenRecord, 'wishes not to stand in the scores', theirs),
  personal(scoreRecord, 'entries in the scores', theirs),
]
