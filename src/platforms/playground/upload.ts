import type { PictureSource } from '../../chat/options.ts'
import { pictureFormat } from '../../pictures/format.ts'
import { type Asker, spokenBy } from './asker.ts'
import { newFileId } from './files.ts'
import type { StoredFile } from './render.ts'

/** A file as a page sent it; `field` is the option that it is for. */
export interface Upload {
  readonly field: string
  readonly name: string
  readonly bytes: Uint8Array
  readonly alt?: string
}

/** As options of a command or fields of a form. */
export const sources = (uploads: readonly Upload[]): Record<string, PictureSource> =>
  Object.fromEntries(uploads.map(({ field, name, bytes }) => [field, { name, read: async () => bytes }]))

/** As a file of the asker's message. */
export function stored({ name, bytes, alt = name }: Upload, asker: Asker): StoredFile {
  return {
    ref: {
      id: newFileId(),
      name,
      mimeType: mimeTypeOf(bytes),
      size: bytes.length,
      alt: spokenBy(asker)('platform.playground.posted', { alt, name: asker.person.name }),
    },
    bytes,
  }
}

/** A picture's type; anything else is a file that is downloaded and never shown. */
export function mimeTypeOf(bytes: Uint8Array): string {
  const format = pictureFormat(bytes)
  return format ? `image/${format}` : 'application/octet-stream'
}
