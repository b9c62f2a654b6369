import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { ownerError } from '../../errors.ts'

/**
 * Checked before the work begins, so that no result is lost because it cannot be saved.
 * @throws UserError 'bad-option' if the file's folder is missing or cannot be written to.
 */
export async function mustBeWritable(file: string | undefined): Promise<void> {
  if (file === undefined) return
  try {
    const there = await stat(file).catch(() => undefined)
    if (there?.isDirectory()) throw new Error('it is a folder')
    await access(there ? file : dirname(resolve(file)), constants.W_OK)
  } catch (cause) {
    throw ownerError(
      'bad-option',
      `${file} cannot be written; please name a file in a folder that is there.`,
      {
        cause,
      },
    )
  }
}
