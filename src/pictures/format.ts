import { UserError } from '../errors.ts'
import type { Key } from '../language.ts'
import type { PictureFacts } from './picture.ts'

export type PictureFormat = Exclude<PictureFacts['format'], 'raw'>

const latin1 = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', from, to)

const headOf = (bytes: Uint8Array): string => latin1(bytes, 0, 16)

const begins = (head: string, ...starts: string[]): boolean => starts.some((start) => head.startsWith(start))

/** ISO base media files (HEIC, AVIF, video) say what they contain in the brands of their first box. */
function brandsOf(bytes: Uint8Array): string[] {
  if (latin1(bytes, 4, 8) !== 'ftyp') return []
  const end = Math.min(Buffer.from(bytes.subarray(0, 4)).readUInt32BE(), bytes.length, 256)
  const brands = [latin1(bytes, 8, 12)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(latin1(bytes, at, at + 4))
  return brands
}

/** What a file of another format is, in words that a person knows. */
function nameOther(bytes: Uint8Array): Key {
  const head = headOf(bytes)
  const brands = brandsOf(bytes)
  if (brands.some((brand) => /^(hei|hev|mif1|msf1)/.test(brand))) return 'picture.is.heic'
  if (brands.length) return 'picture.is.media'
  if (begins(head, 'II*\0', 'MM\0*', 'II+\0', 'MM\0+')) return 'picture.is.tiff'
  if (begins(head, '%PDF')) return 'picture.is.pdf'
  if (begins(head, 'BM')) return 'picture.is.bmp'
  if (begins(head, '8BPS')) return 'picture.is.photoshop'
  if (begins(head, '\xff\x0a', '\0\0\0\x0cJXL ')) return 'picture.is.jpegXl'
  if (begins(head, '\0\0\0\x0cjP  ', '\xff\x4f\xff\x51')) return 'picture.is.jpeg2000'
  if (begins(head, '\0\0\x01\0')) return 'picture.is.icon'
  if (begins(head, 'PK\x03\x04', '\x1f\x8b', '7z\xbc\xaf', 'Rar!')) return 'picture.is.archive'
  if (begins(head, '\x1aE\xdf\xa3', 'RIFF', 'OggS', 'ID3')) return 'picture.is.media'
  const text = new TextDecoder()
    .decode(bytes.subarray(0, 1024))
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (/^(<\?xml|<!--|<!DOCTYPE svg|<svg)/i.test(text) && /<svg/i.test(text)) return 'picture.is.svg'
  if (/^<(!DOCTYPE html|html)/i.test(text)) return 'picture.is.page'
  // Text has no control characters except tabs and line breaks, and decodes as UTF-8.
  // oxlint-disable-next-line no-control-regex
  if (!/[\0-\x08\x0e-\x1f\ufffd]/.test(text)) return 'picture.is.text'
  return 'picture.is.unknown'
}

/** Tells a picture's format from its bytes, never from a name; undefined for anything that cannot be decoded. */
export function pictureFormat(bytes: Uint8Array): PictureFormat | undefined {
  const head = headOf(bytes)
  if (begins(head, '\x89PNG\r\n\x1a\n')) return 'png'
  if (begins(head, '\xff\xd8\xff')) return 'jpeg'
  if (begins(head, 'GIF87a', 'GIF89a')) return 'gif'
  if (/^RIFF.{4}WEBP/s.test(head)) return 'webp'
  const brands = brandsOf(bytes)
  return brands.includes('avif') || brands.includes('avis') ? 'avif' : undefined
}

/** @throws UserError 'bad-picture' that says what the file is and what to send instead. */
export function formatOf(bytes: Uint8Array): PictureFormat {
  if (bytes.length === 0) throw new UserError('bad-picture', 'picture.empty')
  const format = pictureFormat(bytes)
  if (format) return format
  throw new UserError('bad-picture', 'picture.other', { values: { what: { key: nameOther(bytes) } } })
}

/** Whether an AVIF holds an image sequence, which libvips cannot open. */
export const isAnimatedAvif = (bytes: Uint8Array): boolean => brandsOf(bytes).includes('avis')

/** An animated PNG has an acTL chunk before its first pixels; libvips does not report it. */
export function isAnimatedPng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const chunk = latin1(bytes, at + 4, at + 8)
    if (chunk === 'acTL') return true
    if (chunk === 'IDAT') return false
  }
  return false
}
