const bytes = 'base64:'
const text = 'text:'

/**
 * JSON text of plain data that may contain Uint8Arrays (pictures). They become 'base64:…'; a string that begins with
 * either mark gets 'text:' in front of it, so that it is not mistaken for the other.
 */
export function encode(value: unknown): string {
  return JSON.stringify(value, function (this: Record<string, unknown>, key, current: unknown) {
    const original = this[key] // a Buffer has already passed through its own toJSON in `current`
    if (original instanceof Uint8Array) return bytes + Buffer.from(original).toString('base64')
    if (typeof current === 'string' && (current.startsWith(bytes) || current.startsWith(text)))
      return text + current
    return current
  })
}

/** The inverse of encode. */
export function decode(json: string): unknown {
  return JSON.parse(json, (_, current: unknown) => {
    if (typeof current !== 'string') return current
    if (current.startsWith(text)) return current.slice(text.length)
    // Copied, because a small Buffer is a view of shared memory.
    if (current.startsWith(bytes)) return new Uint8Array(Buffer.from(current.slice(bytes.length), 'base64'))
    return current
  })
}
