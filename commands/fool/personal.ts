import { type Personal, personal } from '../../src/chat/personal.ts'
import {
  contests,
  type ContestResult,
  drafts,
  endings,
  entries,
  extensions,
  pictures,
  results,
  wordings,
} from './records.ts'

const nobody = { id: '', name: 'somebody' }

const takesPart = ({ edits, photographs }: ContestResult, person: string): boolean =>
  [...edits, ...photographs].some(({ entry }) => entry.person === person)

/** Where persons stand in contests. Of what others need, a past contest's result or a running contest, only the person goes. */
export const foolPersonal: readonly Personal[] = [
  personal(entries, 'entries to contests', (value, person) => value.person === person),
  personal(drafts, 'previews of writing on contest pictures', (value, person) => value.person === person),
  personal(wordings, 'what you wrote in previews', (value, person) => value.person === person),
  personal(pictures, 'pictures in contests', (value, person) => value.person === person),
  personal(
    contests,
    'contests that you opened',
    (value, person) => value.opener.id === person,
    (value) => ({ ...value, opener: nobody }),
  ),
  personal(
    results,
    'results of contests',
    (value, person) => takesPart(value, person) || value.by?.id === person,
    ({ by, edits, photographs, ...value }, person) => ({
      ...value,
      ...(by && { by: by.id === person ? nobody : by }),
      edits: edits.filter(({ entry }) => entry.person !== person),
      photographs: photographs.filter(({ entry }) => entry.person !== person),
    }),
  ),
  personal(
    endings,
    'contests that you ended',
    (value, person) => value.by?.id === person,
    (value) => ({ ...value, by: nobody }),
  ),
  personal(
    extensions,
    'contests that you extended',
    (value, person) => value.by === person,
    (value) => ({ ...value, by: nobody.id }),
  ),
]
