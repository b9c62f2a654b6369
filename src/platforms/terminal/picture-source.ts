import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import type { PictureSource } from '../../chat/options.ts'
import { UserError } from '../../errors.ts'
import { maxPictureBytes } from '../../pictures/limits.ts'

/** A picture from a file, or from standard input where the path is "-". Nothing is read before `read`. */
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
            throw new UserError('bad-picture', `${path} is larger than 25 MB; please give a smaller picture.`)
        }
      } catch (error) {
        if (error instanceof UserError) throw error
        throw new UserError(
          'bad-picture',
          `${path} cannot be read (${reasonOf(error)}); please give the path of a picture.`,
          {
            cause: error,
          },
        )
      }
      return Buffer.concat(chunks)
    },
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EISDIR') return 'it is a folder'
  if (code === 'EACCES') return 'you may not read it'
  return error instanceof Error ? error.message : String(error)
}
