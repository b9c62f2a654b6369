import type { Action } from '../../src/chat/command.ts'
import { Options } from '../../src/chat/options.ts'
import type { RawPicture } from '../../src/pictures/picture.ts'
import { unpackPreview } from '../../src/pictures/preview.ts'
import { UserError } from '../../src/errors.ts'
import { pictureOf, running } from './contests.ts'
import { writeOn } from './play.ts'
import { idOf, wordings } from './records.ts'

/** Writes the words of a preview again, their middle where the picture was pressed. */
export const placeAction = {
  answers: 'edit',
  async run(context, [number, id = '', x, y]) {
    const { store } = context.services
    const contest = await running(context, Number(number))
    const wording = await store.get(wordings, contest.place, idOf(contest, id))
    if (!wording) throw new UserError('closed', 'This preview is more than a day old; please write it again.')
    if (wording.person !== context.person.id)
      throw new UserError('not-allowed', 'Only who wrote it can place it; write your own with /fool write.')
    const picture = await unpackPreview(await pictureOf(store, contest, contest.picture))
    const where = placeAt(picture, Number(x), Number(y))
    await writeOn(context, new Options(Object.entries({ ...wording.given, where })), contest.number)
  },
} satisfies Action

/**
 * A point of the whole picture, 0 to 1 from its left and top, as the option "where" has it: in percent of the
 * square in its middle that the model sees, and never outside of that.
 */
export function placeAt(
  { width, height }: Pick<RawPicture, 'width' | 'height'>,
  x: number,
  y: number,
): string {
  const side = Math.min(width, height)
  const percent = (share: number, length: number): number =>
    Math.round(100 * Math.min(1, Math.max(0, 0.5 + ((share - 0.5) * length) / side)))
  return `${percent(x, width)},${percent(y, height)}`
}
