import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import type { PictureSource } from '../../chat/options.ts'
import { UserError } from '../../errors.ts'
import type { Key } from '../../language.ts'
import { maxPictureBytes } from '../../pictures/limits.ts'

/** A picture from a file, or from standard input if the path is "-". Nothing is read before `read`. */
export function pictureFrom(path: string, input: NodeJS.ReadableStream): PictureSource {
  return {
    name: path === '-' ? 'standard input' : basename(path),
    async read() {
      const chunks: Buffer[] = []
      let size = 0
      try {
        for await (const chunk of path === '-' ? input : createReadStream(path)) {
          const bytes = Buffer.from(chunk)
          chunks.push(bytes)
          size += bytes.length
          if (size > maxPictureBytes)
            throw new UserError('bad-picture', 'terminal.picture.tooLarge', { values: { path } })
        }
      } catch (error) {
        if (error instanceof UserError) throw error
        const key = reasonOf(error)
        const reason = key ? { key } : (error as Error).message
        throw new UserError('bad-picture', 'terminal.picture.unreadable', {
          values: { path, reason },
          cause: error,
        })
      }
      return Buffer.concat(chunks)
    },
  }
}

function reasonOf(error: unknown): Key | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'terminal.picture.noFile'
  if (code === 'EISDIR') return 'terminal.picture.folder'
  return code === 'EACCES' ? 'terminal.picture.forbidden' : undefined
}
