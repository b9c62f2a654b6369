import { crc32, deflateSync } from 'node:zlib'

/** One chunk of a PNG file. */
export function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/**
 * A PNG file byte for byte, so that it can claim what an encoder would refuse to write.
 * @param rows what the file inflates to: each row a zero and its pixels
 */
export function png(
  width: number,
  height: number,
  rows: Uint8Array,
  { bits = 8, colour = 2, chunks = [] as readonly Uint8Array[] } = {},
): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = bits
  header[9] = colour
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...chunks,
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** An ICC profile of grey in which a number is its share of light (ICC.1:2001-04: gamma 1.0). */
export function linearGrey(): Buffer {
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return bytes
  }
  const name = Buffer.concat([
    Buffer.from('desc\0\0\0\0'),
    number(5),
    Buffer.from('gray\0'),
    Buffer.alloc(79),
  ])
  const white = Buffer.concat([Buffer.from('XYZ \0\0\0\0'), ...[0xf6d6, 0x10000, 0xd32d].map(number)])
  const tags = {
    desc: name,
    cprt: Buffer.from('text\0\0\0\0none\0\0\0\0'),
    wtpt: white,
    kTRC: Buffer.concat([Buffer.from('curv\0\0\0\0'), number(0)]),
  }
  const entries = Object.entries(tags)
  let at = 128 + 4 + 12 * entries.length
  const table = entries.map(([tag, body]) => {
    const entry = Buffer.concat([Buffer.from(tag), number(at), number(body.length)])
    at += body.length
    return entry
  })
  const head = Buffer.alloc(128)
  head.writeUInt32BE(at, 0)
  head.writeUInt32BE(0x02100000, 8)
  head.write('mntrGRAYXYZ ', 12)
  head.write('acsp', 36)
  white.copy(head, 68, 8)
  return Buffer.concat([head, number(entries.length), ...table, ...Object.values(tags)])
}
