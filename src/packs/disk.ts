import { ownerError, type UserError } from '../errors.ts'

export const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full',
  EDQUOT: 'Your share of the disk is full',
  EFBIG: 'This system does not allow files that large',
  EROFS: 'The disk cannot be written to',
  EACCES: 'You may not write here',
  EPERM: 'You may not write here',
}

/** A file system's refusal as a sentence for people; undefined for any other error. @param rest ends the sentence */
export function refusedByDisk(error: unknown, rest: string): UserError | undefined {
  const { code = '', path } = error as NodeJS.ErrnoException
  const reason = reasons[code]
  return reason === undefined
    ? undefined
    : ownerError('busy', `${reason}${path ? ` (${path})` : ''}: ${rest}`, { cause: error })
}
