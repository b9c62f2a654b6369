import { isTheirs, type Personal, personal } from '../../src/chat/personal.ts'
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

/** Records of contests that name a person. From those that others need (a running contest, a past one's result) only the name is removed. */
export const foolPersonal: readonly Personal[] = [
  personal(entries, (t) => t('fool.kept.entries'), isTheirs),
  personal(drafts, (t) => t('fool.kept.previews'), isTheirs),
  personal(wordings, (t) => t('fool.kept.wordings'), isTheirs),
  personal(pictures, (t) => t('fool.kept.pictures'), isTheirs),
  personal(
    contests,
    (t) => t('fool.kept.opened'),
    (value, person) => value.opener.id === person,
    (value) => ({ ...value, opener: nobody }),
  ),
  personal(
    results,
    (t) => t('fool.kept.results'),
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
    (t) => t('fool.kept.ended'),
    (value, person) => value.by?.id === person,
    (value) => ({ ...value, by: nobody }),
  ),
  personal(
    extensions,
    (t) => t('fool.kept.extended'),
    (value, person) => value.by === person,
    (value) => ({ ...value, by: nobody.id }),
  ),
]
