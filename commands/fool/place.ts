import type { ActionContext } from '../../src/chat/context.ts'
import { parseOptions } from '../../src/chat/parse-options.ts'
import type { RawPicture } from '../../src/pictures/picture.ts'
import { unpackPreview } from '../../src/pictures/preview.ts'
import { UserError } from '../../src/errors.ts'
import { pictureOf, running } from './contests.ts'
import { type DraftData, writeOn } from './play.ts'
import { idOf } from '../contest/contest.ts'
import { wordings } from './records.ts'
import { writingOptions } from './writing.ts'

/** Writes the words of a preview again, centred where the picture was pressed. */
export async function placeAt(
  context: ActionContext<DraftData>,
  number: number,
  draft: string,
  x: number,
  y: number,
): Promise<void> {
  const { store } = context.services
  const contest = await running(context, number)
  const wording = await store.get(wordings, contest.place, idOf(contest, draft))
  if (!wording) throw new UserError('closed', 'fool.preview.old')
  if (wording.person !== context.person.id) throw new UserError('not-allowed', 'fool.preview.moveYours')
  const picture = await unpackPreview((await pictureOf(store, contest, contest.picture)).bytes)
  const given = parseOptions(writingOptions, { ...wording.given, where: whereOf(picture, x, y) })
  await writeOn(context, given, contest.number)
}

/**
 * A point of the whole picture, 0 to 1 from its left and top, as the option "where" has it: in percent of the
 * square in its middle that the model sees, and never outside of that.
 */
export function whereOf(
  { width, height }: Pick<RawPicture, 'width' | 'height'>,
  x: number,
  y: number,
): string {
  const side = Math.min(width, height)
  const percent = (share: number, length: number): number =>
    Math.round(100 * Math.min(1, Math.max(0, 0.5 + ((share - 0.5) * length) / side)))
  return `${percent(x, width)},${percent(y, height)}`
}
