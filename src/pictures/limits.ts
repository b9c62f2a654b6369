import { UserError } from '../errors.ts'

/** The limit for every picture, wherever it comes from. */
export const maxPictureBytes = 25 * 2 ** 20

/** @throws UserError 'bad-picture' for a file with more bytes. */
export function mustFit(bytes: number): void {
  if (bytes <= maxPictureBytes) return
  throw new UserError('bad-picture', 'picture.tooLarge', { values: { size: Math.ceil(bytes / 2 ** 20) } })
}
