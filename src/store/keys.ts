/** Every raw key is below this in byte order: no character of a key is '~' or above. */
export const endOfKeys = '~'

/** PostgreSQL can index keys of up to 2,704 bytes; every driver has the same limit. */
const longestKey = 2_000

/**
 * The raw key of a list of segments. Each segment ends with ':' and is escaped so that it contains none. So two lists
 * never share a key, a list's key is a prefix of exactly the keys of lists that begin with it, and every string is
 * allowed, including lone surrogates. The result is ASCII.
 * @throws RangeError if the key is longer than every driver can index.
 */
export function keyOf(segments: readonly string[]): string {
  const key = segments.map((segment) => `${escape(segment)}:`).join('')
  if (key.length > longestKey)
    throw new RangeError(`A record's key has ${key.length} characters, more than ${longestKey}`)
  return key
}

/** The segments of a raw key: the inverse of keyOf. */
export function segmentsOf(key: string): string[] {
  return key.split(':').slice(0, -1).map(unescape)
}

/** The end (exclusive) of the range of raw keys that begin with this one. */
export function endOf(key: string): string {
  return `${key.slice(0, -1)};` // the character after ':'
}

/** The order of ids: segment by segment, each by UTF-16 code units. */
export function compareIds(a: readonly string[], b: readonly string[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index]
    if (right === undefined) return 1
    if (left !== right) return left < right ? -1 : 1
  }
  return a.length - b.length
}

function escape(segment: string): string {
  return segment.replace(/[^A-Za-z0-9_.-]/g, (unit) => `%${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function unescape(escaped: string): string {
  return escaped.replace(/%([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
